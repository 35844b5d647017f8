/* SPDX-License-Identifier: ISC */
/*
 * conffile: comments go, lines stay, braces and quotes are looked at.
 */
#include "platform.h"

#include "conffile.h"

#include <errno.h>
#include <fcntl.h>

#include "check_main.h"

#define BYTES(literal)	literal, sizeof literal - 1

static const struct {
	const char	*name;
	const char	*bytes;
	size_t		 len;
	const char	*text;		/* without marks; NULL: refused */
	const char	*why;
	int		 line;		/* to blame */
	const char	*sections;	/* their lines */
} rows[] = {
{ "empty", BYTES(""), "", NULL, 0, "" },
{ "plain", BYTES("a = 1\n"), "a = 1\n", NULL, 0, "" },
{ "no line end", BYTES("a = 1"), "a = 1", NULL, 0, "" },
{ "comment", BYTES("a # b\nc\n"), "a    \nc\n", NULL, 0, "" },
{ "comment without line end", BYTES("a # b"), "a    ", NULL, 0, "" },
{ "comment with a quote", BYTES("# don't\na\n"), "       \na\n", NULL, 0, "" },
{ "comment with braces", BYTES("# }{\na\n"), "    \na\n", NULL, 0, "" },
{ "comment of two slashes", BYTES("a // b\nc\n"), "a     \nc\n", NULL, 0, "" },
{ "slashes right behind a value", BYTES("a = 1// b\n"), "a = 1// b\n", NULL, 0, "" },
{ "slashes behind a brace", BYTES("a = {}// b\n"), "a = {}    \n", NULL, 0, "" },
{ "long comment", BYTES("a /* b */ c\n"), "a         c\n", NULL, 0, "" },
{ "long comment, lines", BYTES("a /* b\n'\n{ */ c\n"), "a     \n \n     c\n", NULL, 0, "" },
{ "long comment, stars", BYTES("/***/a\n"), "     a\n", NULL, 0, "" },
{ "shortest long comment", BYTES("/**/a\n"), "    a\n", NULL, 0, "" },
{ "/*/ does not end itself", BYTES("/*/ b */a\n"), "        a\n", NULL, 0, "" },
{ "hash in a string", BYTES("a = \"#b\"\n"), "a = \"#b\"\n", NULL, 0, "" },
{ "slashes in a string", BYTES("a = 'x//y /*'\n"), "a = 'x//y /*'\n", NULL, 0, "" },
{ "slashes in a word", BYTES("a = unix://x\n"), "a = unix://x\n", NULL, 0, "" },
{ "escaped quote", BYTES("a = \"b\\\"#c\" # d\n"), "a = \"b\\\"#c\"    \n", NULL, 0, "" },
{ "escaped backslash", BYTES("a = \"b\\\\\" # d\n"), "a = \"b\\\\\"    \n", NULL, 0, "" },
{ "other quote in a string", BYTES("a = \"it's\" # d\n"), "a = \"it's\"    \n", NULL, 0, "" },
{ "string over lines", BYTES("a = \"b\nc\"\nm \"t\" {\n}\n"), "a = \"b\nc\"\nm \"t\" {\n}\n", NULL, 0, "3" },
{ "brace in a string", BYTES("a = \"}\"\n"), "a = \"}\"\n", NULL, 0, "" },
{ "section", BYTES("map \"/a\" {\n}\n"), "map \"/a\" {\n}\n", NULL, 0, "1" },
{ "sections", BYTES("map \"/a\" { }\n# x\nmap \"/b\"\n{\n}\nmap /c { }\n"), "map \"/a\" { }\n   \nmap \"/b\"\n{\n}\nmap /c { }\n", NULL, 0, "1 3 6" },
{ "sections of one title", BYTES("map \"/a\" { }\nmap \"/a\" { }\n"), "map \"/a\" { }\nmap \"/a\" { }\n", NULL, 0, "1 2" },
{ "lists are no sections", BYTES("a = { b }\nc= {\n}\nd =\n{ e }\nmap \"/a\" { }\n"), "a = { b }\nc= {\n}\nd =\n{ e }\nmap \"/a\" { }\n", NULL, 0, "6" },
{ "list behind a comment", BYTES("a = # x\n{ b }\n"), "a =    \n{ b }\n", NULL, 0, "" },
{ "lists, CRLF", BYTES("a =\r\n{ b }\r\n"), "a =\r\n{ b }\r\n", NULL, 0, "" },
{ "inner sections do not count", BYTES("map \"/a\" {\nhandler \".b\" { }\nc = { d }\n}\nmap \"/e\" { }\n"), "map \"/a\" {\nhandler \".b\" { }\nc = { d }\n}\nmap \"/e\" { }\n", NULL, 0, "1 5" },
{ "string not closed", BYTES("a = 1\nb = \"c\n\n"), NULL, "string without its closing quote", 2, "" },
{ "small quote not closed", BYTES("a = 'b"), NULL, "string without its closing quote", 1, "" },
{ "string ends with a backslash", BYTES("\na = \"b\\"), NULL, "string without its closing quote", 2, "" },
{ "string with an escaped end", BYTES("a = \"b\\\"\n"), NULL, "string without its closing quote", 1, "" },
{ "comment not closed", BYTES("a\n\n /* b\nc\n"), NULL, "comment without its */", 3, "" },
{ "comment with half an end", BYTES("/* b *"), NULL, "comment without its */", 1, "" },
{ "brace not closed", BYTES("a = 1\nmap \"/a\" {\nb = { c }\n"), NULL, "brace that is opened here is never closed", 2, "" },
{ "inner brace not closed", BYTES("map \"/a\" {\nb = { c\n}\n"), NULL, "brace that is opened here is never closed", 1, "" },
{ "list not closed", BYTES("\n\na = {\n"), NULL, "brace that is opened here is never closed", 3, "" },
{ "brace not opened", BYTES("map \"/a\" { }\n}\n"), NULL, "\"}\" without a \"{\" before it", 2, "" },
{ "brace behind a comment", BYTES("map \"/a\" { #}\n"), NULL, "brace that is opened here is never closed", 1, "" },
{ "NUL", BYTES("a\nb\0c\n"), NULL, "NUL byte in the file", 2, "" },
};

static void
write_file(const char *name, const char *bytes, size_t len)
{
	FILE *file = fopen(name, "w");

	ck_assert(file != NULL && fwrite(bytes, 1, len, file) == len &&
	    fclose(file) == 0);
}

/* Take the marks out of titles; each one must be another. */
static void
unmark(const char *name, char *text)
{
	char *p, *end, last[16] = "";

	while ((p = strchr(text, CONFFILE_MARK)) != NULL) {
		end = p + 1 + strspn(p + 1, "0123456789");
		CHECK_TRUE(name, end - p < (int)sizeof last);
		CHECK_TRUE(name, strlen(last) != (size_t)(end - p) ||
		    strncmp(last, p, strlen(last)) != 0);
		memcpy(last, p, (size_t)(end - p));
		last[end - p] = '\0';
		memmove(p, end, strlen(end) + 1);
	}
}

START_TEST(parse)
{
	struct conffile file;
	char lines[64] = "", number[16];
	int line = -1;
	size_t i;

	write_file("row.conf", rows[_i].bytes, rows[_i].len);
	CHECK_TEXT(rows[_i].name, conffile_read("row.conf", &file, &line),
	    rows[_i].why);
	if (rows[_i].why == NULL) {
		unmark(rows[_i].name, file.text);
		CHECK_TEXT(rows[_i].name, file.text, rows[_i].text);
		for (i = 0; i < file.n_sections; i++) {
			(void)snprintf(number, sizeof number, "%s%d",
			    i > 0 ? " " : "", file.section_line[i]);
			(void)strcat(lines, number);
		}
		CHECK_TEXT(rows[_i].name, lines, rows[_i].sections);
	} else
		CHECK_INT(rows[_i].name, line, rows[_i].line);
	conffile_free(&file);
	conffile_free(&file);
}
END_TEST

/* A file that breaks off anywhere does no harm, and a line is blamed. */
START_TEST(cut)
{
	struct conffile file;
	int line;
	size_t len;
	const char *why;

	for (len = 0; len < rows[_i].len; len++) {
		write_file("cut.conf", rows[_i].bytes, len);
		why = conffile_read("cut.conf", &file, &line);
		CHECK_TRUE(rows[_i].name, why == NULL || line >= 1);
		conffile_free(&file);
	}
}
END_TEST

static const struct {
	const char	*path;
	const char	*why;
	int		 error;
} systems[] = {
	{ "missing.conf", "cannot open", ENOENT },
	{ "/dev/null/x", "cannot open", ENOTDIR },
	{ "/", "cannot read", EISDIR },
	{ "/dev/zero", "cannot read", EFBIG },
};

START_TEST(failing)
{
	struct conffile file;
	int line = -1;

	CHECK_TEXT(systems[_i].path, conffile_read(systems[_i].path, &file,
	    &line), systems[_i].why);
	CHECK_INT(systems[_i].path, errno, systems[_i].error);
	CHECK_INT(systems[_i].path, line, 0);
	conffile_free(&file);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("conffile");

	CHECK_ROWS(suite, parse, rows);
	CHECK_ROWS(suite, cut, rows);
	CHECK_ROWS(suite, failing, systems);
	return check_run_aside(suite);
}

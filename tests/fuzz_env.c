/* SPDX-License-Identifier: ISC */
/*
 * env: whatever the parameters are, what must never be in a program's
 * environment is not, and what must always be there is. The first byte of the
 * input is what the mapping accepts, the rest further parameters.
 */
#include "platform.h"

#include "env.h"

#include <stdbool.h>

#include "fuzz.h"
#include "scgi.h"

#define LEAST	"CONTENT_LENGTH\0" "7\0" "SCGI\0" "1\0"

static const char *const always[] = {
	"GATEWAY_INTERFACE=CGI/1.1", "SCRIPT_NAME=/cgi/x", "QUERY_STRING=",
	"REMOTE_ADDR=", "SERVER_NAME=", "SERVER_PORT=", "SERVER_PROTOCOL=",
	"SERVER_SOFTWARE=", "CONTENT_LENGTH=7", "PATH_INFO=/rest",
	"PATH=/usr/local/bin:/usr/bin:/bin", "REDIRECT_STATUS=200",
};

static const char *const never[] = {
	"HTTP_PROXY=", "HTTP_AUTHORIZATION=", "HTTP_CONTENT_LENGTH=",
	"HTTP_CONTENT_TYPE=", "HTTP_TRANSFER_ENCODING=", "HTTP_CONNECTION=",
	"LD_", "BASH_", "IFS=", "ENV=", "PERL5", "PYTHON", "SCGI=",
};

static int
env_begins(const char *entry, const char *with)
{
	return strncmp(entry, with, strlen(with)) == 0;
}

static void
env_ignore(void *arg, const char *name)
{
	FUZZ_TRUE(arg == NULL && name[0] != '\0');
}

/* One "NAME=value". */
static void
env_look_at_entry(const char *entry)
{
	size_t len = strcspn(entry, "="), i;
	char *name = strndup(entry, len);

	FUZZ_TRUE(name != NULL && entry[len] == '=' && len > 0);
	FUZZ_TRUE(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == len);
	FUZZ_TRUE(name[0] < '0' || name[0] > '9');
	FUZZ_TRUE(!env_is_steering(name));
	FUZZ_TRUE(!env_begins(entry + len + 1, "() {"));
	for (i = 0; i < sizeof never / sizeof never[0]; i++)
		FUZZ_TRUE(!env_begins(entry, never[i]));
	free(name);
}

static void
env_look_at(char *const *v)
{
	size_t i, j, found, len;

	for (i = 0; v[i] != NULL; i++) {
		env_look_at_entry(v[i]);
		len = strcspn(v[i], "=") + 1;
		for (j = 0; j < i && i < 64; j++)
			FUZZ_TRUE(strncmp(v[i], v[j], len) != 0);
	}
	for (j = 0; j < sizeof always / sizeof always[0]; j++) {
		for (found = i = 0; v[i] != NULL; i++)
			found += env_begins(v[i], always[j]);
		FUZZ_TRUE(found == 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char all[] = "*", some[] = "APP_?", *accept_all[] = { all, NULL },
	    *accept_some[] = { some, NULL }, *none[] = { NULL };
	const struct env_facts facts = { .script_name = "/cgi/x",
	    .path_info = "/rest", .script_filename = "/srv/x",
	    .server_software = "ours/1", .remote_addr = "127.0.0.1" };
	struct env_rules rules = { none, none, none, none, false };
	struct env env = { .v = NULL };
	struct scgi s;
	char *wire;
	size_t used, n;

	if (len-- == 0)
		return 0;
	rules.accept = data[0] % 4 == 0 ? none : data[0] % 4 == 1 ?
	    accept_some : accept_all;
	FUZZ_TRUE((wire = malloc(len + sizeof LEAST + 32)) != NULL);
	n = (size_t)sprintf(wire, "%zu:", sizeof LEAST - 1 + len);
	memcpy(wire + n, LEAST, sizeof LEAST - 1);
	memcpy(wire + n + sizeof LEAST - 1, data + 1, len);
	n += sizeof LEAST - 1 + len;
	wire[n++] = ',';
	scgi_init(&s, 65536, 4096);
	if (scgi_push(&s, wire, n, &used) == SCGI_DONE) {
		FUZZ_TRUE(env_build(&env, &s, &rules, &facts, env_ignore,
		    NULL) == 0);
		env_look_at(env.v);
	}
	env_free(&env);
	scgi_free(&s);
	free(wire);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * explain: what would become of a request, said in advance.
 */
#ifndef CGID_EXPLAIN_H
#define CGID_EXPLAIN_H

struct config;

/*
 * Print to standard output which mapping, program, arguments, directory, user,
 * settings and environment a request would get, or why it would be refused.
 * `request` is "METHOD URL" or a URL alone, put into SCGI as nginx does;
 * `extra` ("NAME=value", ended by NULL) is what the front end is told to send
 * besides. `path` names the configuration. This process must be the user that
 * programs run as, else the answer may be wrong. Returns 0 if a program would
 * be run, 1 if not, or -1 after it has logged what is wrong with the question.
 */
int	explain(const struct config *, const char *path, const char *request,
	    char *const *extra);

#endif

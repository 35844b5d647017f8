/* SPDX-License-Identifier: ISC */
/*
 * env: request head, and names to add and drop, to the program's environment.
 *
 * RFC 3875 4.1; DESIGN 3.5. The environment is made by list: a parameter that
 * nobody asked for does not get in.
 */
#ifndef CGID_ENV_H
#define CGID_ENV_H

#include <stdbool.h>
#include <stddef.h>

struct scgi;

/* The lists of a mapping; each ends with NULL and is never NULL itself. */
struct env_rules {
	char *const	*accept;	/* further names, patterns of fnmatch(3) */
	char *const	*set;		/* "NAME=value", ours: win over the wire */
	char *const	*pass;		/* "NAME=value", from our environment */
	char *const	*unset;		/* names to leave out */
	bool		 authorization;	/* let HTTP_AUTHORIZATION in */
};

/* What the gateway found out itself. None is NULL. */
struct env_facts {
	const char	*script_name;		/* RFC 3875 4.1.13, may be "" */
	const char	*path_info;		/* "" leaves PATH_INFO out */
	const char	*script_filename;
	const char	*server_software;	/* where the front end says none */
	const char	*remote_addr;		/* likewise */
};

struct env {
	char	**v;		/* owned; ends with NULL; for execve(2) */
	size_t	 size;		/* private: bytes of it */
};

/*
 * Build. The entries point into `head`, which is changed ('=' behind each name)
 * and must outlive them, into the rules, and into their own allocation. `refused`
 * is told of each parameter that is left out for want of `accept`. Returns 0, or
 * -1 without memory.
 */
int	env_build(struct env *, struct scgi *head, const struct env_rules *,
    const struct env_facts *, void (*refused)(void *arg, const char *name),
    void *arg);

/*
 * The query of a request: QUERY_STRING, or if the front end sends none that of
 * REQUEST_URI; "" if there is neither.
 */
const char	*env_query(const struct scgi *head);

/* How much of a Host field is the host, without its port; 0: it is none. */
size_t		 env_host_len(const char *host);

/* Harmless on a zeroed structure. */
void	env_free(struct env *);

/*
 * Does the gateway compute this variable, so that nobody may set it? The name
 * may be followed by "=value".
 */
bool	env_is_computed(const char *name);

/*
 * Is this a name, or a pattern of names, by which loaders, shells and
 * interpreters are steered, so that it never comes from the wire?
 */
bool	env_is_steering(const char *name);

/*
 * Does a list of names or "NAME=value" have this name? The name may itself
 * be followed by "=value".
 */
bool	env_lists(char *const *list, const char *name);

#endif

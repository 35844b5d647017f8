/* SPDX-License-Identifier: ISC */
/*
 * inherit: sockets that the service manager has opened for us.
 */
#ifndef CGID_INHERIT_H
#define CGID_INHERIT_H

#include <stdbool.h>
#include <stddef.h>

#define INHERIT_WORD	"systemd"	/* in the configuration's `listen` */

/* One of them. It is the service manager's, and stays open as long as we run. */
struct inherited {
	int	 fd;
	char	*name;		/* as the service manager calls it */
	/* "systemd:NAME"; with ":2" behind it where that was the second NAME */
	char	*text;
};

/*
 * Find the sockets that LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES promise, and
 * take these variables out of the environment: they are meant for nobody
 * else. Once, before any fork. -1 after saying what is wrong.
 */
int	inherit_init(void);

/*
 * Put the variables back and let the descriptors through, for another binary
 * that is about to be executed in our place. 0, or -1 with errno; inherit_hold()
 * undoes it if it is not executed after all.
 */
int	inherit_restore(void);
void	inherit_hold(void);

/* All of them, in the order in which they were handed over. */
const struct inherited *inherit_all(size_t *n);

/* The one that this descriptor is a copy of, or NULL. */
const struct inherited *inherit_find(int fd);

/* Is `word` of the configuration about them at all? */
bool	inherit_is_word(const char *word);

/* NULL, or what is wrong with such a word: "systemd" or "systemd:NAME". */
const char *inherit_check(const char *word);

/* Does the word mean this one? */
bool	inherit_means(const char *word, const struct inherited *);

/* In a new worker: close them; it has copies of those that it serves. */
void	inherit_forked(void);

#endif

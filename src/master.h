/* SPDX-License-Identifier: ISC */
/*
 * master: hold the sockets, have a crew serve them; reload; stop.
 */
#ifndef CGID_MASTER_H
#define CGID_MASTER_H

struct config;

/* What the master leaves to its caller. Exit statuses are of sysexits(3). */
struct master_hooks {
	/* read the configuration anew; NULL after saying what is wrong */
	struct config	*(*read)(void);
	/* open the logs that it names: 0, or -1 after saying what is wrong */
	int		(*logs)(const struct config *);
	/* the sockets are bound; other than 0 is the exit status */
	int		(*ready)(const struct config *);
	/* in each new process: let go of what is the master's alone */
	void		(*forked)(void);
};

/*
 * Bind the sockets, start the workers and keep them, until told to stop:
 * SIGTERM or SIGINT drains, a second one or SIGQUIT ends everything now. SIGHUP
 * reads the configuration anew, SIGUSR1 opens the logs anew. The configuration
 * is the master's from here on. Returns the exit status; a start that fails
 * has logged why.
 */
int	master_run(struct config *, const struct master_hooks *);

#endif

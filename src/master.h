/* SPDX-License-Identifier: ISC */
/*
 * master: hold the sockets, have crews serve them; reload, upgrade, stop.
 */
#ifndef CGID_MASTER_H
#define CGID_MASTER_H

#include <signal.h>

struct config;
struct handover;

/* What the master leaves to its caller. Exit statuses are of sysexits(3). */
struct master_hooks {
	/* the absolute name of the configuration file */
	const char	*(*path)(void);
	/* the pid file's, which a reload does not change; NULL: none */
	const char	*(*pid_file)(void);
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
 * reads the configuration anew, SIGUSR1 opens the logs anew, SIGUSR2 runs a new
 * binary in place of this one. The configuration is the master's from here on.
 * Returns the exit status; a start that fails has logged why.
 */
int	master_run(struct config *, const struct master_hooks *);

/*
 * The same in the place of another binary, which was this process and had these
 * sockets and workers. The configuration says where its logs and its pid file
 * are. All is the master's.
 */
int	master_take_over(struct handover *, struct config *,
	    const struct master_hooks *);

/* The signals that a master listens to. */
void	master_signals(sigset_t *);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * notify: tell the service manager how we are.
 */
#ifndef CGID_NOTIFY_H
#define CGID_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Find out whether a service manager wants to be told (NOTIFY_SOCKET) and
 * watches us (WATCHDOG_USEC, WATCHDOG_PID), and take these variables out of
 * the environment: they are meant for nobody else. Once, before any fork.
 */
void	notify_init(void);

/*
 * Put the variables back, for another binary that is about to be executed in
 * our place. 0, or -1 with errno; notify_hold() takes them out again.
 */
int	notify_restore(void);
void	notify_hold(void);

/* Does anybody want to be told? */
bool	notify_is_wanted(void);

/* We must not be silent for as long as this, in milliseconds; 0: we may. */
int64_t	notify_watchdog_ms(void);

/*
 * Send assignments, one to a line, as sd_notify(3) describes them. Does
 * nothing if nobody wants them; a failure is told in the log, once.
 */
void	notify_send(const char *, ...) __attribute__((format(printf, 1, 2)));

#endif

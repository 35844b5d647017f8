/* SPDX-License-Identifier: ISC */
/*
 * session: all processes of a session.
 */
#ifndef CGID_SESSION_H
#define CGID_SESSION_H

#include <sys/types.h>

/*
 * Kill all that a session's leader has left behind and that has not made a
 * session of its own. The leader is dead, but not reaped: so its number cannot
 * be another's.
 */
void	session_kill(pid_t leader);

#endif

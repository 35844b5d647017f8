/* SPDX-License-Identifier: ISC */
/*
 * monitor: the verdict on a visit, as the Monitoring Plugins give it.
 */
#ifndef CGID_MONITOR_H
#define CGID_MONITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct visit;

/* The exit statuses of a plugin. */
enum monitor_state {
	MONITOR_OK, MONITOR_WARNING, MONITOR_CRITICAL, MONITOR_UNKNOWN
};

/* What is asked of an answer. */
struct monitor {
	const char	*expect;	/* statuses, or NULL */
	const char	*text;		/* in the body, or NULL */
	bool		 text_found;
	int64_t		 warn_ms, crit_ms;	/* -1: no limit */
	const char	*excuse;	/* why there is no whole answer */
};

/*
 * Judge a visit that is over. `line` gets the status line with performance
 * data, without an end of line.
 */
enum monitor_state	monitor_judge(const struct monitor *,
    const struct visit *, char *line, size_t size);

/* The line of something that kept us from asking at all. */
void	monitor_unknown(const char *why, char *line, size_t size);

#endif

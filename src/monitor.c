/* SPDX-License-Identifier: ISC */
/*
 * monitor: the verdict on a visit, as the Monitoring Plugins give it.
 *
 * Pure. The line has one '|', in front of the performance data: one that came
 * from outside would begin them too early.
 */
#include "platform.h"

#include "monitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "visit.h"

static const char *const monitor_names[] = {
	"OK", "WARNING", "CRITICAL", "UNKNOWN"
};

/* No second '|', and no second line. */
static void
monitor_clean(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			*text = '/';
		else if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = ' ';
	}
}

/* The state, and what is wrong: NULL if nothing is. */
static enum monitor_state
monitor_state(const struct monitor *m, const struct visit *v, int64_t ms,
    const char **wrong)
{
	bool too_slow = m->crit_ms != -1 && ms > m->crit_ms;
	int status = v->response.status;

	*wrong = NULL;
	if (v->end != VISIT_WHOLE) {
		*wrong = m->excuse;
		return MONITOR_CRITICAL;
	}
	if (!expect_status(m->expect, status)) {
		*wrong = m->expect != NULL ? "not the status expected" :
		    "the status of an error";
		return m->expect == NULL && status < 500 && !too_slow ?
		    MONITOR_WARNING : MONITOR_CRITICAL;
	}
	if (!m->text_found) {
		*wrong = "the text expected is not in the body";
		return MONITOR_CRITICAL;
	}
	if (too_slow) {
		*wrong = "slow";
		return MONITOR_CRITICAL;
	}
	if (m->warn_ms != -1 && ms > m->warn_ms) {
		*wrong = "slow";
		return MONITOR_WARNING;
	}
	return MONITOR_OK;
}

/* A limit as performance data have it, in seconds; "" if there is none. */
static const char *
monitor_limit(int64_t ms, char *text, size_t size)
{
	*text = '\0';
	if (ms != -1)
		(void)snprintf(text, size, "%.3f", (double)ms / 1e3);
	return text;
}

enum monitor_state
monitor_judge(const struct monitor *m, const struct visit *v, char *line,
    size_t size)
{
	int64_t ns = v->finish - v->start;
	char head[512], warn[32], crit[32];
	enum monitor_state state;
	const char *wrong;

	/* A limit is passed by any time beyond it: rounded up. */
	state = monitor_state(m, v, (ns + 999999) / 1000000, &wrong);
	if (v->end != VISIT_WHOLE)
		(void)snprintf(head, sizeof head, "%s", wrong);
	else
		(void)snprintf(head, sizeof head, "%d %s%s%s, %" PRIu64
		    " bytes in %.3f s", v->response.status, v->response.reason,
		    wrong != NULL ? ", " : "", wrong != NULL ? wrong : "",
		    v->header_len + v->body_len, (double)ns / 1e9);
	monitor_clean(head);
	(void)snprintf(line, size, "SCGI %s - %s | time=%.6fs;%s;%s;0 "
	    "size=%" PRIu64 "B;;;0", monitor_names[state], head,
	    (double)ns / 1e9, monitor_limit(m->warn_ms, warn, sizeof warn),
	    monitor_limit(m->crit_ms, crit, sizeof crit),
	    v->header_len + v->body_len);
	return state;
}

void
monitor_unknown(const char *why, char *line, size_t size)
{
	(void)snprintf(line, size, "SCGI %s - %s",
	    monitor_names[MONITOR_UNKNOWN], why);
	monitor_clean(line);
}

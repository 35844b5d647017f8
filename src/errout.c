/* SPDX-License-Identifier: ISC */
/*
 * errout: what a program writes to its standard error, line by line.
 *
 * Always read, so that no program hangs on a full pipe; bounded in rate and
 * size, so that no program fills the log.
 */
#include "platform.h"

#include "errout.h"

#include <stdlib.h>
#include <unistd.h>

#include "flood.h"
#include "flow.h"
#include "log.h"

#define ERROUT_LINE		1024	/* bytes; longer lines are cut */

/* Of one run of a program, and of all of a script, see flood.h. */
#define ERROUT_PER_SECOND	100
#define ERROUT_MOST		(ERROUT_PER_SECOND * FLOOD_SPAN_MS / 1000)

static void
errout_say_dropped(struct errout *e, const char *id, const char *script)
{
	const struct log_subject about = { .id = id, .script = script };

	if (e->dropped > 0)
		log_warnx_about(&about, "id=%s script=%s stderr: %u lines dropped, more than "
		    "%d a second", id, script, e->dropped, ERROUT_PER_SECOND);
	e->dropped = 0;
}

/* A line is complete. */
static void
errout_line(struct errout *e, const char *id, const char *script,
    int64_t second)
{
	const struct log_subject about = { id, script, NULL, ERROUT_MOST };

	if (second != e->second) {
		errout_say_dropped(e, id, script);
		e->second = second;
		e->lines = 0;
	}
	if (e->lines++ < ERROUT_PER_SECOND)
		log_notice_about(&about, "id=%s script=%s stderr: %.*s%s", id, script,
		    (int)(e->len < ERROUT_LINE ? e->len : ERROUT_LINE),
		    e->line, e->len > ERROUT_LINE ? "..." : "");
	else
		e->dropped++;
	e->len = 0;
}

int
errout_read(struct errout *e, int fd, const char *id, const char *script,
    int64_t now_ms)
{
	const struct log_subject about = { .id = id, .script = script };
	static char buf[4096];	/* the stack would be colder */
	ssize_t i, n;

	n = flow_read(fd, buf, sizeof buf);
	if (n > 0 && e->line == NULL &&
	    (e->line = malloc(ERROUT_LINE)) == NULL) {
		log_warn_about(&about, "id=%s script=%s stderr: %zd bytes are lost",
		    id, script, n);
		return 1;
	}
	for (i = 0; i < n; i++) {
		if (buf[i] == '\n') {
			errout_line(e, id, script, now_ms / 1000);
			continue;
		}
		/* A NUL would end the text, and hide what follows. */
		if (e->len < ERROUT_LINE)
			e->line[e->len] = buf[i] != '\0' ? buf[i] : '\1';
		e->len += e->len <= ERROUT_LINE;
	}
	return n > 0 ? 1 : (int)n;
}

void
errout_end(struct errout *e, const char *id, const char *script)
{
	if (e->len > 0)
		errout_line(e, id, script, e->second);
	errout_say_dropped(e, id, script);
	free(e->line);
	e->line = NULL;
}

/* SPDX-License-Identifier: ISC */
/*
 * run: a program's run: its descriptors in the loop, its ending, its fate.
 */
#ifndef CGID_RUN_H
#define CGID_RUN_H

#include <sys/resource.h>

#include <stdbool.h>
#include <stdint.h>

#include "child.h"
#include "errout.h"
#include "loop.h"

enum run_state {
	RUN_NONE,		/* nothing was started */
	RUN_RUNNING,
	RUN_ENDING,		/* told to end (SIGTERM), grace is running */
	RUN_KILLED,		/* SIGKILL was sent, not reaped yet */
	RUN_LEFTOVERS,		/* reaped, others of its group have grace left */
	RUN_OVER,
};

struct run {
	enum run_state	 state;
	struct loop	*loop;
	struct child	 child;
	int		 input;		/* a file to be its input; 0: none */
	struct watch	 in, out;	/* the owner reads and writes them */
	struct watch	 err, exit;	/* ours */
	bool		 young;
	bool		 apart;		/* from other programs of its user */
	int64_t		 attend_ms;	/* when to attend to it; 0: never */
	struct timer	 grace;
	int64_t		 kill_ms;
	struct errout	 errout;
	const char	*id, *script;	/* borrowed, for the log */
	bool		 reaped;
	int		 wait_status;
	struct rusage	 usage;		/* zero without an access log */
	void		(*changed)(void *arg);
	void		*arg;
};

/* Nothing runs yet; run_free() is harmless. */
void	run_init(struct run *, struct loop *, const char *id);

/*
 * Start. The owner has set ready and arg of `in` and `out`, and `changed`,
 * which is called after the program was reaped and when the run is over. The
 * descriptors of the specification are filled in: with want_input, and no file to
 * be the input, there is a pipe, else the input is empty. On failure errno says why.
 */
enum child_stage run_start(struct run *, struct child_spec *,
    const char *script, bool want_input);

/*
 * Most programs have answered and are gone a few milliseconds after their start.
 * For so long they are young: their stderr and their exit are not watched, and
 * nothing else need be that rarely happens. The owner calls run_attend() when
 * attend_ms has come; that may set it anew. True if the program was reaped just
 * now, of which `changed` does not tell.
 */
bool	run_attend(struct run *);
bool	run_is_young(const struct run *);

/*
 * The output is at its end: reap the program if it has exited, too, or from now
 * on watch for its exit. True if it was reaped just now, as above.
 */
bool	run_await(struct run *);

/* The output was read to its end, or as far as it counts: its pipe is done with. */
void	run_end_output(struct run *);

/* Is something of it left to wait for? */
bool	run_is_active(const struct run *);

/* Has the program exited? What it wrote may still be in the pipe. */
bool	run_has_exited(const struct run *);

/*
 * End the whole group: SIGTERM, and SIGKILL when grace_ms is over, at once if
 * that is 0. Asked again, only a shorter grace changes anything.
 */
void	run_end(struct run *, int64_t grace_ms);

/* Close everything; an active program is killed and left to be reaped. */
void	run_free(struct run *);

#endif

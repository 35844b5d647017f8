/* SPDX-License-Identifier: ISC */
/*
 * board: a place has one holder at a time, is given back by him or for him if
 * he died, and goes to whoever waits longest; and nobody waits in vain.
 */
#include "platform.h"

#include "board.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "check_main.h"

#define MOST		65536

static struct board *
board_of(int64_t size, unsigned rows)
{
	struct board *board = board_new(&size, 1, rows);

	ck_assert(board != NULL);
	return board;
}

/* Does it ring for this worker? Then it is heard. */
static bool
rings(const struct board *board, unsigned row)
{
	struct pollfd bell = { .fd = board_bell(board, row),
		.events = POLLIN };

	if (poll(&bell, 1, 0) != 1)
		return false;
	board_hear(board, row);
	return true;
}

/* ---- one process ---- */

static const int64_t sizes[] = { 1, 2, 3, 64, 65535, MOST };

/* As many places as there are, each once; and each again when it is free. */
START_TEST(all_places)
{
	static bool seen[MOST];
	int64_t size = sizes[_i], i;
	struct board *board = board_of(size, 2);
	int place;

	(void)memset(seen, 0, sizeof seen);
	CHECK_TRUE("limit", board_is_limited(board, 0));
	for (i = 0; i < size; i++) {
		place = board_claim(board, 0, (unsigned)(i % 2));
		if (place < 0 || place >= size || seen[place])
			ck_abort_msg("place %d of %lld", place,
			    (long long)size);
		seen[place] = true;
	}
	CHECK_INT("full", board_taken(board, 0), size);
	CHECK_INT("one more", board_claim(board, 0, 0), -1);
	CHECK_INT("one more, other row", board_claim(board, 0, 1), -1);
	board_release(board, 0, (int)(size / 2));
	CHECK_INT("one free", board_taken(board, 0), size - 1);
	CHECK_INT("that one", board_claim(board, 0, 1), size / 2);
	board_reclaim(board, 0);
	CHECK_INT("half", board_taken(board, 0),
	    size / 2 + (size / 2 % 2 == 0));
	board_reclaim(board, 1);
	CHECK_INT("empty", board_taken(board, 0), 0);
	board_free(board);
}
END_TEST

START_TEST(no_limit)
{
	struct board *board = board_of(0, 3);

	CHECK_TRUE("0", !board_is_limited(board, 0));
	CHECK_INT("0", board_taken(board, 0), 0);
	CHECK_INT("0", board_claim(board, 0, 1), -1);
	board_count(board, 0, 2, 5);
	CHECK_INT("it still counts", board_counted(board, 0), 5);
	board_reclaim(board, 2);
	CHECK_INT("and forgets the dead", board_counted(board, 0), 0);
	board_free(board);
	board_free(NULL);
}
END_TEST

/* Limits and rows do not touch each other. */
START_TEST(apart)
{
	static const int64_t limits[] = { 2, 0, 1, 3 };
	struct board *board = board_new(limits, 4, 3);

	ck_assert(board != NULL);
	ck_assert(board_claim(board, 0, 0) != -1);
	ck_assert(board_claim(board, 0, 2) != -1);
	ck_assert(board_claim(board, 2, 1) == 0);
	ck_assert(board_claim(board, 3, 2) != -1);
	board_count(board, 0, 0, 2);
	board_count(board, 0, 1, 3);
	board_count(board, 3, 1, 1);
	board_count(board, 0, 1, -1);
	board_wait(board, 2, 1, board_number(board));
	CHECK_INT("two rows count", board_counted(board, 0), 4);
	CHECK_INT("nobody", board_counted(board, 1), 0);
	CHECK_INT("nobody", board_counted(board, 2), 0);
	CHECK_INT("one", board_counted(board, 3), 1);
	CHECK_TRUE("row 1 waits", board_is_awaited(board, 2));
	CHECK_TRUE("elsewhere nobody does", !board_is_awaited(board, 0));
	board_reclaim(board, 1);
	CHECK_INT("without row 1", board_counted(board, 0), 2);
	CHECK_INT("without row 1", board_counted(board, 3), 0);
	CHECK_TRUE("without row 1", !board_is_awaited(board, 2));
	CHECK_INT("rows 0 and 2", board_taken(board, 0), 2);
	CHECK_INT("row 1's is free", board_taken(board, 2), 0);
	CHECK_INT("row 2", board_taken(board, 3), 1);
	board_reclaim(board, 2);
	CHECK_INT("row 0", board_taken(board, 0), 1);
	CHECK_INT("free", board_taken(board, 3), 0);
	board_free(board);
}
END_TEST

/* The bell is silent as long as nobody waits, and for all but one. */
START_TEST(bell)
{
	static const int64_t limits[] = { 1, 1 };
	struct board *board = board_new(limits, 2, 2);
	int place = board_claim(board, 0, 0);

	CHECK_TRUE("at first", !rings(board, 0) && !rings(board, 1));
	board_release(board, 0, place);
	CHECK_TRUE("nobody waits", !rings(board, 0) && !rings(board, 1));
	place = board_claim(board, 0, 0);
	board_wait(board, 0, 1, board_number(board));
	CHECK_TRUE("none is free", !rings(board, 0) && !rings(board, 1));
	board_release(board, 0, place);
	CHECK_TRUE("not for the releaser", !rings(board, 0));
	CHECK_TRUE("for who waits", rings(board, 1));
	CHECK_TRUE("heard", !rings(board, 1));
	board_ring(board, 1);
	board_ring(board, 1);
	CHECK_TRUE("however often it rang", rings(board, 1));
	CHECK_TRUE("however often it rang", !rings(board, 1));
	board_hear(board, 1);
	board_wait(board, 0, 1, 0);
	board_reclaim(board, 0);
	CHECK_TRUE("the dead may not have rung it", rings(board, 1));
	board_free(board);
}
END_TEST

/*
 * Who gets the places. A digit is a worker: c0 claims, r0 gives place 0
 * back, w0 begins to wait, n0 is not the first any more, but another of its
 * requests is; l0 leaves, a0 looks for an offer, d0 dies. Claims and offers
 * tell their place, or -.
 */
static const struct {
	const char	*name;
	int64_t		 places;
	const char	*acts, *story;
} offers[] = {
{ "nobody waits", 1, "c0 r0 c1 a0 a1", "0 0 - - " },
{ "free when it comes", 1, "w0 a1 a0", "- 0 " },
{ "taken when it comes", 1, "c0 w1 a1 r0 a0 a1", "0 - - 0 " },
{ "who was offered has it alone", 1, "c0 w1 r0 c0 c1 c2 a2 a1", "0 - - - - 0 " },
{ "who came first", 1, "c0 w2 w0 w1 r0 a0 a1 a2 l2 r0 a1 a0", "0 - - 0 - 0 " },
{ "two at once", 2, "c0 c0 w2 w1 w0 r0 r1 a0 a1 a2", "0 1 - 1 0 " },
{ "one offer at a time", 2, "c0 c0 w1 w2 r0 r1 a1 a1 a2", "0 1 0 - 1 " },
{ "the next when it has taken it", 2, "c0 c0 w1 r0 r1 a1 a1 n1 a1", "0 1 0 - 1 " },
{ "leaves too late", 1, "c0 w1 w2 r0 l1 a2 a1 r0 a2", "0 - 0 0 " },
{ "leaves in time", 1, "c0 w1 w2 l1 r0 a1 a2", "0 - 0 " },
{ "goes to the end", 1, "c0 w1 w2 n1 r0 a1 a2", "0 - 0 " },
{ "dies with it", 1, "c0 w1 d0 a1", "0 0 " },
{ "dies with two", 3, "c0 c1 c0 w1 w2 d0 a1 a2", "0 1 2 2 0 " },
{ "dies before it takes it", 1, "c0 w1 w2 r0 d1 a1 a2", "0 - 0 " },
{ "dies in the queue", 1, "c0 w1 w2 d1 r0 a1 a2", "0 - 0 " },
{ "hangs", 2, "c0 c0 w1 w2 r0 r1 a2 l2 r1 w2 a2 l2 r1 w0 a0 a1", "0 1 1 1 1 0 " },
};

static void
tell(char *story, int place)
{
	(void)sprintf(story + strlen(story), place == -1 ? "- " : "%d ",
	    place);
}

START_TEST(offered)
{
	struct board *board = board_of(offers[_i].places, 3);
	char story[64] = "";
	const char *act;
	unsigned row;

	for (act = offers[_i].acts; *act != '\0'; act += strspn(act, " ")) {
		row = (unsigned)(act[1] - '0');
		if (*act == 'c')
			tell(story, board_claim(board, 0, row));
		else if (*act == 'a')
			tell(story, board_accept(board, 0, row));
		else if (*act == 'r')
			board_release(board, 0, (int)row);
		else if (*act == 'd')
			board_reclaim(board, row);
		else
			board_wait(board, 0, row, *act == 'l' ? 0 :
			    board_number(board));
		act += strcspn(act, " ");
	}
	CHECK_TEXT(offers[_i].name, story, offers[_i].story);
	board_free(board);
}
END_TEST

/* ---- several processes ---- */

#define ROWS	4
#define TURNS	20000
#define STALLED	10000	/* ms: the bell has been forgotten */

/* What the processes tell each other beside the board. */
struct common {
	atomic_uint	 holder[64];	/* of each place: 0, or 1 + row */
	atomic_uint	 at_once, most;
	atomic_ulong	 turns;
	atomic_uint	 clashes, stalls;
};

static struct common *common;
static struct board *board;

static void
common_new(int64_t places)
{
	common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(common != MAP_FAILED);
	board = board_of(places, ROWS);
}

static void
common_free(void)
{
	CHECK_INT("at the end", board_taken(board, 0), 0);
	CHECK_TRUE("at the end", !board_is_awaited(board, 0));
	CHECK_INT("two had one place", atomic_load(&common->clashes), 0);
	CHECK_INT("waited in vain", atomic_load(&common->stalls), 0);
	board_free(board);
	(void)munmap(common, sizeof *common);
}

/* Wait for a place as slots does. */
static int
wait_for_place(unsigned row)
{
	struct pollfd fd = { .fd = board_bell(board, row), .events = POLLIN };
	int place;

	board_wait(board, 0, row, board_number(board));
	do {
		if (poll(&fd, 1, STALLED) == 0) {
			atomic_fetch_add(&common->stalls, 1);
			_exit(1);
		}
		board_hear(board, row);
	} while ((place = board_accept(board, 0, row)) == -1);
	board_wait(board, 0, row, 0);
	return place;
}

/* What was offered after all, when nobody waits any more. */
static void
give_back_offers(unsigned row)
{
	int place;

	while ((place = board_accept(board, 0, row)) != -1)
		board_release(board, 0, place);
}

/* Have a place to oneself, and give it back. */
static void
take_turn(unsigned row)
{
	static unsigned count;
	int place = board_claim(board, 0, row);
	unsigned nobody = 0, now, most;

	if (place == -1)
		place = wait_for_place(row);
	if (!atomic_compare_exchange_strong(&common->holder[place], &nobody,
	    row + 1))
		atomic_fetch_add(&common->clashes, 1);
	now = atomic_fetch_add(&common->at_once, 1) + 1;
	most = atomic_load(&common->most);
	while (now > most && !atomic_compare_exchange_weak(&common->most,
	    &most, now))
		;
	/* Now and then long enough for others to come, and to wait. */
	if (++count % 8 == 0)
		(void)sched_yield();
	atomic_fetch_sub(&common->at_once, 1);
	atomic_store(&common->holder[place], 0);
	board_release(board, 0, place);
	give_back_offers(row);
	atomic_fetch_add(&common->turns, 1);
}

static pid_t
start_row(unsigned row, long turns)
{
	pid_t pid = fork();
	long i;

	ck_assert(pid != -1);
	if (pid != 0)
		return pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);	/* if the test fails */
	for (i = 0; turns == 0 || i < turns; i++)
		take_turn(row);
	_exit(0);
}

static const int64_t shared_sizes[] = { 1, 2, 3, 64 };

START_TEST(crowd)
{
	int64_t places = shared_sizes[_i];
	unsigned row;

	common_new(places);
	for (row = 0; row < ROWS; row++)
		(void)start_row(row, TURNS);
	while (wait(NULL) != -1)
		;
	CHECK_INT("all had their turns", atomic_load(&common->turns),
	    ROWS * TURNS);
	CHECK_TRUE("never more than places",
	    atomic_load(&common->most) <= places);
	common_free();
}
END_TEST

/* Both sides arrive, then both leave at the same moment. */
static void
meet(unsigned *met)
{
	unsigned i;

	*met += 2;
	(void)atomic_fetch_add(&common->at_once, 1);
	for (i = 1; atomic_load(&common->at_once) < *met; i++)
		if (i % 16384 == 0)
			(void)sched_yield();
}

/* The one who releases; it goes on until there is nobody to meet. */
static void __attribute__((noreturn))
release_again_and_again(void)
{
	unsigned i, met = 0;
	int place;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);	/* if the test fails */
	for (i = 0; ; i++) {
		place = board_claim(board, 0, 1);
		meet(&met);
		for (volatile unsigned pause = i % 64; pause > 0; pause--)
			;
		board_release(board, 0, place);
		meet(&met);
		meet(&met);
	}
}

/* Seconds since some moment. */
static double
seconds(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/*
 * One waits while the other releases: one of the two must see the other,
 * however their steps fall together.
 */
START_TEST(crossing)
{
	double end = seconds() + 1;
	unsigned i, met = 0;
	int place;
	pid_t pid;

	common_new(1);
	if ((pid = fork()) == 0)
		release_again_and_again();
	for (i = 0; i < TURNS && seconds() < end; i++) {
		meet(&met);
		board_wait(board, 0, 0, i + 1);
		meet(&met);
		place = board_accept(board, 0, 0);
		if (place == -1 || !rings(board, 0))
			ck_abort_msg("round %u: a place, and nobody knows", i);
		board_wait(board, 0, 0, 0);
		board_release(board, 0, place);
		meet(&met);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	board_reclaim(board, 1);
	common_free();
}
END_TEST

/* A process has been killed wherever it was; a master would do this. */
static void
bury(unsigned row, pid_t pid)
{
	unsigned i, holder;

	(void)kill(pid, SIGKILL);
	ck_assert(waitpid(pid, NULL, 0) == pid);
	for (i = 0; i < CHECK_COUNT(common->holder); i++) {
		holder = row + 1;
		(void)atomic_compare_exchange_strong(&common->holder[i],
		    &holder, 0);
	}
	board_reclaim(board, row);
}

/* Let the others have some turns; false if they have none. */
static bool
goes_on(void)
{
	unsigned long goal = atomic_load(&common->turns) + 50;
	int i;

	for (i = 0; i < STALLED * 10; i++) {
		if (atomic_load(&common->turns) >= goal)
			return true;
		(void)usleep(100);
	}
	return false;
}

START_TEST(deaths)
{
	pid_t pids[ROWS];
	unsigned row, i;

	common_new(_i == 0 ? 1 : 3);
	for (row = 0; row < ROWS; row++)
		pids[row] = start_row(row, 0);
	srandom(1);
	for (i = 0; i < 150; i++) {
		row = (unsigned)random() % ROWS;
		(void)usleep((useconds_t)random() % 300);
		bury(row, pids[row]);
		pids[row] = start_row(row, 0);
		CHECK_TRUE("the living go on", goes_on());
	}
	for (row = 0; row < ROWS; row++)
		bury(row, pids[row]);
	common_free();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("board");

	CHECK_ROWS(suite, all_places, sizes);
	CHECK_LOOP(suite, no_limit, 1);
	CHECK_LOOP(suite, apart, 1);
	CHECK_LOOP(suite, bell, 1);
	CHECK_ROWS(suite, offered, offers);
	CHECK_ROWS(suite, crowd, shared_sizes);
	CHECK_LOOP(suite, crossing, 1);
	CHECK_LOOP(suite, deaths, 2);
	return check_run(suite);
}

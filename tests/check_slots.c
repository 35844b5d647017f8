/* SPDX-License-Identifier: ISC */
/*
 * slots: who gets a place, and when. First a few workers in one process, each
 * with a loop that runs when it is told to; then workers that are processes,
 * sleep, are busy, and die.
 */
#include "platform.h"

#include "slots.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "check_main.h"
#include "loop.h"

#define MAPS	2
#define WORKERS	3
#define LIMITS	(1 + 2 * MAPS)

static struct board *board;

/* Nobody holds or waits for anything. */
static void
check_empty(const char *name)
{
	size_t i;

	for (i = 0; i < LIMITS; i++) {
		CHECK_INT(name, board_taken(board, i), 0);
		CHECK_INT(name, board_counted(board, i), 0);
		CHECK_TRUE(name, !board_is_awaited(board, i));
	}
}

/* ---- one process, events by hand ---- */

struct worker {
	struct loop	*loop;
	struct slots	*slots;
	struct timer	 stop;
};

struct asker {				/* named by a letter */
	struct ticket	 ticket;
	unsigned	 worker;
};

static struct worker workers[WORKERS];
static struct slots *volatile made[512];	/* they end with the process */
static unsigned n_made;
static struct asker askers[128];
static char story[256];

static void
tell(char name, char what)
{
	size_t len = strlen(story);

	(void)snprintf(story + len, sizeof story - len, "%c%c ", name, what);
}

static void
worker_stop(void *arg)
{
	loop_stop(((struct worker *)arg)->loop);
}

static void
worker_new(unsigned row)
{
	struct worker *w = &workers[row];

	*w = (struct worker){ .loop = loop_new() };
	ck_assert(w->loop != NULL);
	w->slots = slots_new(board, w->loop, row, MAPS);
	ck_assert(w->slots != NULL && n_made < CHECK_COUNT(made));
	made[n_made++] = w->slots;
	w->stop.due = worker_stop;
	w->stop.arg = w;
}

/* What is ready is delivered, once. */
static void
worker_run(unsigned row)
{
	struct worker *w = &workers[row];

	timer_set(w->loop, &w->stop, loop_now(w->loop));
	ck_assert(loop_run(w->loop) == 0);
}

/* Killed: the kernel closes what it had open, the master tidies up. */
static void
worker_kill(unsigned row)
{
	size_t i;

	loop_leave(workers[row].loop);
	for (i = 0; i < CHECK_COUNT(askers); i++)
		if (askers[i].worker == row)
			askers[i].ticket.state = TICKET_NONE;
	board_reclaim(board, row);
	worker_new(row);
}

/* A capital's program cannot be started: it gives its place back at once. */
static void
granted(void *arg)
{
	struct asker *asker = arg;
	char name = (char)(asker - askers);

	tell(name, asker->ticket.state == TICKET_HELD ? '!' : '?');
	if (name >= 'A' && name <= 'Z')
		slots_give(workers[asker->worker].slots, &asker->ticket);
}

static void
take(char name, unsigned worker, size_t map, int64_t queue_length)
{
	struct asker *asker = &askers[(int)name];

	*asker = (struct asker){ .worker = worker,
	    .ticket = { .granted = granted, .arg = asker } };
	tell(name, "nmgh"[slots_take(workers[worker].slots, &asker->ticket,
	    map, queue_length)]);
}

static void
give(char name)
{
	struct asker *asker = &askers[(int)name];

	slots_give(workers[asker->worker].slots, &asker->ticket);
}

/* Everybody looks, until nobody has anything more to say. */
static void
run_all(void)
{
	unsigned row, idle = 0;
	size_t len;

	while (idle < 3) {
		len = strlen(story);
		for (row = 0; row < WORKERS; row++)
			worker_run(row);
		idle = strlen(story) == len ? idle + 1 : 0;
	}
}

/*
 * What is done: a10 is "a comes to worker 1 and asks for map 0", -a "a gives
 * back or gives up", r1 "worker 1 looks at its events", k1 "it is killed", *
 * "all look". What comes of it: ah holds, am waits for its map, ag for the
 * gateway, an is sent away, a! gets its place after waiting.
 */
static const struct {
	const char	*name;
	int64_t		 all, by_map[MAPS];
	int64_t		 queue;
	const char	*acts, *story;
} rows[] = {
{ "no limits", 0, { 0, 0 }, 9, "a00 b10 c01 -a -b -c", "ah bh ch " },
{ "no limits, no queue", 0, { 0, 0 }, 0, "a00 b00 c00", "ah bh ch " },
{ "room for all", 3, { 2, 1 }, 0, "a00 b10 c21", "ah bh ch " },
{ "gateway's place, then the next", 1, { 0, 0 }, 9, "a00 b00 * -a * -b", "ah bg b! " },
{ "mapping's place, then the next", 0, { 1, 0 }, 9, "a00 b00 * -a *", "ah bm b! " },
{ "in order of arrival", 1, { 0, 0 }, 9, "a00 b00 c00 d00 e00 -a * -b * -c * -d *", "ah bg cg dg eg b! c! d! e! " },
{ "in order at a mapping", 0, { 1, 0 }, 9, "a00 b00 c00 d00 -a * -b * -c *", "ah bm cm dm b! c! d! " },
{ "two at a time", 2, { 0, 0 }, 9, "a00 b00 c00 d00 e00 -a -b *", "ah bh cg dg eg c! d! " },
{ "two at a time, two workers", 2, { 0, 0 }, 9, "a00 b10 c00 d10 e00 -a -b *", "ah bh cg dg eg c! d! " },
{ "nobody overtakes", 1, { 0, 0 }, 9, "a00 b00 -a c00 * -b *", "ah bg cg b! c! " },
{ "nor from another worker", 1, { 0, 0 }, 9, "a00 b00 -a c10 r0 * -b *", "ah bg cg b! c! " },
{ "nor at a mapping", 0, { 0, 1 }, 9, "a01 b01 -a c21 r0 * -b *", "ah bm cm b! c! " },
{ "a full mapping stops no other", 2, { 1, 0 }, 9, "a00 b00 c00 d11 e11 -d *", "ah bm cm dh eg e! " },
{ "nor from the same worker", 3, { 1, 1 }, 9, "a00 b00 c00 d01", "ah bm cm dh " },
{ "one of a mapping waits for the gateway", 1, { 0, 1 }, 9, "a00 b01 c01 -a * -b *", "ah bg cm b! c! " },
{ "all mappings take their turns", 1, { 1, 1 }, 9, "a00 b00 c01 d01 -a * -c * -b *", "ah bm cg dm c! b! d! " },
{ "the mapping's first", 1, { 0, 2 }, 9, "a00 b01 c11 d21 -b * -a *", "ah bg cg dm c! " },
{ "gives up at the mapping", 0, { 1, 0 }, 9, "a00 b00 c00 -b -a *", "ah bm cm c! " },
{ "gives up at the gateway", 1, { 0, 1 }, 9, "a00 b01 c11 -b * -a *", "ah bg cm c! " },
{ "the only one gives up", 1, { 0, 0 }, 9, "a00 b10 -b -a c20", "ah bg ch " },
{ "gives up as it rings", 1, { 0, 0 }, 9, "a00 b10 c20 -a -b r1 r2", "ah bg cg c! " },
{ "gives up as it rings, same worker", 1, { 0, 0 }, 9, "a00 b10 c10 -a -b r1", "ah bg cg c! " },
{ "gives up as it rings, nobody else", 1, { 0, 0 }, 9, "a00 b10 -a -b c20 *", "ah bg cg c! " },
{ "gives up at a mapping as it rings", 0, { 1, 0 }, 9, "a00 b10 c20 -a -b r1 r2", "ah bm cm c! " },
{ "gives back twice", 1, { 1, 0 }, 9, "a00 b00 c00 -a -a * -b", "ah bm cm b! " },
{ "gives up twice", 1, { 0, 0 }, 9, "a00 b00 c00 -b -b -a *", "ah bg cg c! " },
{ "cannot start: the next", 1, { 0, 0 }, 9, "a00 B00 C10 D00 e20 -a *", "ah Bg Cg Dg eg B! C! D! e! " },
{ "cannot start: the next of a mapping", 0, { 1, 0 }, 9, "a00 B00 C00 D00 e00 -a *", "ah Bm Cm Dm em B! C! D! e! " },
{ "cannot start, either place", 2, { 1, 0 }, 9, "a00 b11 C00 D00 -a * e00", "ah bh Cm Dm C! D! eh " },
{ "full queue", 1, { 0, 0 }, 2, "a00 b00 c10 d20 e00 -a * f00", "ah bg cg dn en b! fg " },
{ "queue of one", 1, { 0, 0 }, 1, "a00 b00 c00 -b d00 e00", "ah bg cn dg en " },
{ "no queue", 1, { 0, 0 }, 0, "a00 b00 b10 -a b10", "ah bn bn bh " },
{ "no queue at a mapping", 0, { 1, 1 }, 0, "a00 b00 c01 -a b10", "ah bn ch bh " },
{ "each mapping has its queue", 1, { 0, 0 }, 1, "a00 b00 c01 d00 e01", "ah bg cg dn en " },
{ "both ways of waiting are counted", 1, { 2, 0 }, 2, "a00 b00 c00 d00 e00", "ah bg cm dn en " },
{ "who is sent away has nothing", 1, { 1, 0 }, 1, "a01 b00 c00 d10 -d -b -c -a e00", "ah bg cn dn eh " },
{ "sent away, no place kept", 1, { 1, 0 }, 0, "a01 b00 -a c10", "ah bn ch " },
{ "killed with a place", 1, { 1, 0 }, 9, "a00 b10 k0 * c00", "ah bm b! cm " },
{ "killed with all places", 2, { 0, 0 }, 9, "a00 b00 c10 d20 e10 k0 *", "ah bh cg dg eg c! d! " },
{ "killed while waiting", 1, { 0, 0 }, 9, "a00 b10 c20 k1 -a * -c d10", "ah bg cg c! dh " },
{ "killed as it rings", 1, { 0, 0 }, 9, "a00 b10 c20 -a k1 r2", "ah bg cg c! " },
{ "killed at the gateway with a mapping's place", 1, { 0, 1 }, 9, "a00 b11 c21 k1 -a *", "ah bg cm c! " },
{ "killed and waits again", 1, { 0, 0 }, 9, "a00 b10 k1 c10 -a *", "ah bg cg c! " },
{ "the dead are not in the queue", 1, { 0, 0 }, 1, "a00 b10 k1 c20 d20", "ah bg cg dn " },
};

static void
act(const char **at, int64_t queue)
{
	const char *p = *at;

	if (*p == '*') {
		run_all();
		*at += 1;
	} else if (*p == '-') {
		give(p[1]);
		*at += 2;
	} else if (p[0] == 'r' || p[0] == 'k') {
		(p[0] == 'r' ? worker_run : worker_kill)(
		    (unsigned)(p[1] - '0'));
		*at += 2;
	} else {
		take(p[0], (unsigned)(p[1] - '0'), (size_t)(p[2] - '0'),
		    queue);
		*at += 3;
	}
}

START_TEST(told)
{
	const char *at;
	unsigned row;
	int name;

	story[0] = '\0';
	board = slots_board(rows[_i].all, rows[_i].by_map, MAPS, WORKERS);
	ck_assert(board != NULL);
	for (row = 0; row < WORKERS; row++)
		worker_new(row);
	for (at = rows[_i].acts; *at != '\0'; at += strspn(at, " "))
		act(&at, rows[_i].queue);
	CHECK_TEXT(rows[_i].name, story, rows[_i].story);
	for (name = 0; name < 128; name++)
		give((char)name);
	run_all();
	check_empty(rows[_i].name);
	for (row = 0; row < WORKERS; row++)
		loop_leave(workers[row].loop);
	board_free(board);
}
END_TEST

/* ---- processes ---- */

#define QUEUE		6	/* requests of each worker, always */
#define STALLED_MS	10000

/* What the workers tell each other, and us. */
struct common {
	atomic_uint	 held, most;		/* places, at once */
	atomic_uint	 holder[64];		/* of each place: 0, or 1 + row */
	atomic_uint	 clashes, disorder;
	atomic_ulong	 grants[WORKERS];	/* of each worker */
	atomic_ulong	 all_grants;
	atomic_bool	 busy[WORKERS];		/* has other things to do as well */
	atomic_bool	 go;
};

static struct common *common;

/* A worker whose requests come back as soon as they are through. */
struct crowd {
	unsigned	 row;
	struct loop	*loop;
	struct slots	*slots;
	struct client {
		struct crowd	*crowd;
		struct ticket	 ticket;
		struct timer	 done;
		unsigned long	 came;
	}		 clients[QUEUE];
	unsigned long	 came, served;
	struct watch	 other;			/* is always ready */
};

static void	client_come(struct client *);

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static atomic_uint *
client_holder(const struct client *c)
{
	const int *place = c->ticket.place;

	return &common->holder[place[1] != -1 ? place[1] : place[0]];
}

/* A program of a millisecond ends: another takes its place. */
static void
client_done(void *arg)
{
	struct client *c = arg;

	(void)atomic_fetch_sub(&common->held, 1);
	atomic_store(client_holder(c), 0);
	slots_give(c->crowd->slots, &c->ticket);
	client_come(c);
}

static void
client_granted(void *arg)
{
	struct client *c = arg;
	struct crowd *crowd = c->crowd;
	unsigned nobody = 0, now = atomic_fetch_add(&common->held, 1) + 1;

	if (now > atomic_load(&common->most))
		atomic_store(&common->most, now);
	if (!atomic_compare_exchange_strong(client_holder(c), &nobody,
	    crowd->row + 1))
		(void)atomic_fetch_add(&common->clashes, 1);
	if (c->came != ++crowd->served)
		(void)atomic_fetch_add(&common->disorder, 1);
	(void)atomic_fetch_add(&common->grants[crowd->row], 1);
	(void)atomic_fetch_add(&common->all_grants, 1);
	timer_set(crowd->loop, &c->done, loop_now(crowd->loop) + 1);
}

static void
client_come(struct client *c)
{
	c->came = ++c->crowd->came;
	if (slots_take(c->crowd->slots, &c->ticket, 0, 1 << 20) == TICKET_HELD)
		client_granted(c);
}

/* Something else of the worker's is always ready, and takes half a ms. */
static void
crowd_work(void *arg, uint32_t events)
{
	const struct crowd *crowd = arg;
	struct timespec from, now;

	(void)events;
	if (!atomic_load(&common->busy[crowd->row]))
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	do
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec -
	    from.tv_nsec < 500000);
}

static void __attribute__((noreturn))
crowd_main(unsigned row)
{
	static struct crowd crowd;
	int i;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);	/* if the test fails */
	crowd.row = row;
	if ((crowd.loop = loop_new()) == NULL ||
	    (crowd.slots = slots_new(board, crowd.loop, row, MAPS)) == NULL)
		_exit(1);
	crowd.other = (struct watch){ .fd = eventfd(1, EFD_CLOEXEC),
	    .ready = crowd_work, .arg = &crowd };
	if (atomic_load(&common->busy[row]))
		(void)watch_want(crowd.loop, &crowd.other, EPOLLIN);
	while (!atomic_load(&common->go))
		(void)usleep(100);
	for (i = 0; i < QUEUE; i++) {
		crowd.clients[i] = (struct client){ .crowd = &crowd,
		    .ticket = { .granted = client_granted,
		    .arg = &crowd.clients[i] }, .done = { .due = client_done,
		    .arg = &crowd.clients[i] } };
		client_come(&crowd.clients[i]);
	}
	(void)loop_run(crowd.loop);
	_exit(1);
}

static pid_t
crowd_start(unsigned row)
{
	pid_t pid = fork();

	ck_assert(pid != -1);
	if (pid == 0)
		crowd_main(row);
	return pid;
}

static void
crowd_kill(unsigned row, pid_t pid)
{
	unsigned i, holder;

	(void)kill(pid, SIGKILL);
	ck_assert(waitpid(pid, NULL, 0) == pid);
	for (i = 0; i < CHECK_COUNT(common->holder); i++) {
		holder = row + 1;
		if (atomic_compare_exchange_strong(&common->holder[i],
		    &holder, 0))
			(void)atomic_fetch_sub(&common->held, 1);
	}
	board_reclaim(board, row);
}

/* Until there were so many grants more; false if there are none. */
static bool
served(unsigned long more)
{
	unsigned long seen = atomic_load(&common->all_grants);
	unsigned long goal = seen + more, n;
	int64_t moved = now_ms();

	while ((n = atomic_load(&common->all_grants)) < goal) {
		if (n != seen)
			moved = now_ms();
		seen = n;
		if (now_ms() - moved > STALLED_MS)
			return false;
		(void)usleep(200);
	}
	return true;
}

#define TURNS		300

static const struct {
	const char	*name;
	int64_t		 all, by_map;
	unsigned	 places;	/* what that comes to */
	bool		 busy[WORKERS];
} crowds[] = {
{ "one place", 1, 0, 1, { false, false, false } },
{ "two places", 2, 0, 2, { false, false, false } },
{ "one place of a mapping", 0, 1, 1, { false, false, false } },
{ "both", 4, 3, 3, { false, false, false } },
{ "one is busy", 1, 0, 1, { true, false, false } },
{ "two are busy", 0, 1, 1, { true, true, false } },
{ "a busy one, two places", 2, 0, 2, { false, false, true } },
};

static void
common_new(int64_t all, int64_t map)
{
	const int64_t by_map[MAPS] = { map, 0 };

	common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(common != MAP_FAILED);
	board = slots_board(all, by_map, MAPS, WORKERS);
	ck_assert(board != NULL);
}

/* All workers are dead by now. */
static void
common_free(const char *name)
{
	CHECK_INT(name, atomic_load(&common->clashes), 0);
	CHECK_INT(name, atomic_load(&common->disorder), 0);
	check_empty(name);
	board_free(board);
	(void)munmap(common, sizeof *common);
}

/* The workers take turns: none gets much less than the others. */
START_TEST(turns)
{
	const char *name = crowds[_i].name;
	unsigned long grants[WORKERS];
	pid_t pids[WORKERS];
	unsigned row;

	common_new(crowds[_i].all, crowds[_i].by_map);
	for (row = 0; row < WORKERS; row++) {
		atomic_store(&common->busy[row], crowds[_i].busy[row]);
		pids[row] = crowd_start(row);
	}
	atomic_store(&common->go, true);
	for (row = 0; row < WORKERS; row++)
		while (atomic_load(&common->grants[row]) == 0)
			CHECK_TRUE(name, served(1));
	for (row = 0; row < WORKERS; row++)
		atomic_store(&common->grants[row], 0);
	CHECK_TRUE(name, served(TURNS));
	for (row = 0; row < WORKERS; row++)
		grants[row] = atomic_load(&common->grants[row]);
	for (row = 0; row < WORKERS; row++)
		crowd_kill(row, pids[row]);
	for (row = 0; row < WORKERS; row++)
		ck_assert_msg(grants[row] > TURNS / WORKERS / 2,
		    "%s: %lu, %lu and %lu turns", name, grants[0], grants[1],
		    grants[2]);
	CHECK_INT(name, atomic_load(&common->most), crowds[_i].places);
	common_free(name);
}
END_TEST

/* Wherever a worker dies, the others go on, and nothing is lost. */
START_TEST(deaths)
{
	pid_t pids[WORKERS];
	unsigned row, i;

	common_new(_i == 0 ? 2 : 0, _i == 0 ? 0 : 1);
	atomic_store(&common->go, true);
	srandom(1);
	for (row = 0; row < WORKERS; row++)
		pids[row] = crowd_start(row);
	for (i = 0; i < 100; i++) {
		row = (unsigned)random() % WORKERS;
		(void)usleep((useconds_t)random() % 1000);
		crowd_kill(row, pids[row]);
		CHECK_TRUE("the living go on", served(3));
		pids[row] = crowd_start(row);
	}
	for (row = 0; row < WORKERS; row++)
		crowd_kill(row, pids[row]);
	common_free("after deaths");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("slots");

	CHECK_ROWS(suite, told, rows);
	CHECK_ROWS(suite, turns, crowds);
	CHECK_LOOP(suite, deaths, 2);
	return check_run(suite);
}

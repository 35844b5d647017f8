/* SPDX-License-Identifier: ISC */
/*
 * faults: the daemon, in which the Nth allocation or system call fails.
 *
 * The calls of the library are bent to here by the linker (--wrap, for each
 * name in a WRAP line below; the Makefile reads them). Which call is to fail is
 * told by a file that all processes of the daemon share, named by $FAULTS; its
 * layout is struct control, and tests/faults.py is who writes it.
 *
 * A call fails as it would for want of memory, descriptors, room or processes.
 * Left out is what cannot fail so: close(2), kill(2), the waits, clocks, masks
 * of signals, resource limits, the removal of a descriptor from epoll, and what
 * tells who we are or gives up a right.
 */
#include "platform.h"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <bsd/libutil.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What kind of want there is; a call may belong to several. */
#define MEMORY		1U	/* ENOMEM */
#define CALL		2U	/* whatever the line of the call says */
#define DESCRIPTOR	4U	/* EMFILE */
#define INTERRUPTION	8U	/* EINTR */

#define TRACE_MAX	8192U

struct control {
	uint32_t	kind;		/* of the calls that count; 0: none */
	uint32_t	depth;		/* in processes forked so often */
	uint32_t	epoch;		/* the driver's clock */
	uint32_t	born;		/* in processes not older than this */
	uint32_t	nth;		/* the call that fails; 0: none */
	uint32_t	often;		/* and all that come after it */
	atomic_uint	seen;		/* calls that counted */
	atomic_uint	fired;		/* and that failed */
	uint32_t	trace[TRACE_MAX];	/* from where they came */
	char		names[TRACE_MAX][16];	/* and which they were */
};

extern const char __ehdr_start;		/* the linker's: where we are loaded */

static struct control *control;
static unsigned depth, born;

static void __attribute__((constructor))
faults_begin(void)
{
	const char *path = getenv("FAULTS");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *at;

	if (fd == -1)
		return;
	at = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	(void)close(fd);
	if (at == MAP_FAILED)
		return;
	control = at;
	born = control->epoch;
}

/* Is it this call's turn to fail? Then errno is set. */
static bool
faults_due(const char *name, unsigned kinds, int error, const void *from)
{
	unsigned n;

	if (control == NULL || (control->kind & kinds) == 0 ||
	    control->depth != depth || born < control->born)
		return false;
	n = atomic_fetch_add(&control->seen, 1) + 1;
	if (n <= TRACE_MAX) {
		control->trace[n - 1] =
		    (uint32_t)((const char *)from - &__ehdr_start);
		(void)strncpy(control->names[n - 1], name, 15);
	}
	if (control->nth == 0 || n < control->nth ||
	    (n > control->nth && !control->often))
		return false;
	atomic_fetch_add(&control->fired, 1);
	errno = control->kind == INTERRUPTION ? EINTR :
	    control->kind == DESCRIPTOR ? EMFILE : error;
	return true;
}

/* One call: what it returns when it fails, why, its kinds and its arguments. */
#define WRAP(name, type, failure, error, kinds, params, args)		\
type	__real_##name params;						\
type	__wrap_##name params;						\
type									\
__wrap_##name params							\
{									\
	if (faults_due(#name, kinds, error, __builtin_return_address(0)))	\
		return failure;						\
	return __real_##name args;					\
}

WRAP(malloc, void *, NULL, ENOMEM, MEMORY, (size_t n), (n))
WRAP(calloc, void *, NULL, ENOMEM, MEMORY, (size_t n, size_t size), (n, size))
WRAP(reallocarray, void *, NULL, ENOMEM, MEMORY, (void *p, size_t n, size_t size), (p, n, size))
WRAP(strdup, char *, NULL, ENOMEM, MEMORY, (const char *s), (s))
WRAP(strndup, char *, NULL, ENOMEM, MEMORY, (const char *s, size_t n), (s, n))
WRAP(getcwd, char *, NULL, ENOMEM, MEMORY, (char *buf, size_t n), (buf, n))
WRAP(mmap, void *, MAP_FAILED, ENOMEM, MEMORY, (void *at, size_t n, int prot, int flags, int fd, off_t off), (at, n, prot, flags, fd, off))

WRAP(accept4, int, -1, EMFILE, CALL | DESCRIPTOR | INTERRUPTION, (int fd, struct sockaddr *sa, socklen_t *len, int flags), (fd, sa, len, flags))
WRAP(bind, int, -1, ENOMEM, CALL, (int fd, const struct sockaddr *sa, socklen_t len), (fd, sa, len))
WRAP(chdir, int, -1, ENOMEM, CALL, (const char *path), (path))
WRAP(connect, int, -1, ENOMEM, CALL, (int fd, const struct sockaddr *sa, socklen_t len), (fd, sa, len))
WRAP(dup2, int, -1, EBUSY, CALL, (int fd, int to), (fd, to))
WRAP(epoll_create1, int, -1, EMFILE, CALL | DESCRIPTOR, (int flags), (flags))
WRAP(epoll_wait, int, -1, EINTR, INTERRUPTION, (int fd, struct epoll_event *events, int n, int ms), (fd, events, n, ms))
WRAP(eventfd, int, -1, EMFILE, CALL | DESCRIPTOR, (unsigned n, int flags), (n, flags))
WRAP(execv, int, -1, ENOMEM, CALL, (const char *path, char *const argv[]), (path, argv))
WRAP(fchmod, int, -1, EPERM, CALL, (int fd, mode_t mode), (fd, mode))
WRAP(fchownat, int, -1, EPERM, CALL, (int fd, const char *path, uid_t uid, gid_t gid, int flags), (fd, path, uid, gid, flags))
WRAP(fstat, int, -1, ENOMEM, CALL, (int fd, struct stat *st), (fd, st))
WRAP(ftruncate, int, -1, EIO, CALL, (int fd, off_t len), (fd, len))
WRAP(getaddrinfo, int, EAI_MEMORY, ENOMEM, CALL, (const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **found), (host, port, hints, found))
WRAP(getgrnam, struct group *, NULL, EMFILE, CALL | DESCRIPTOR, (const char *name), (name))
WRAP(getpeername, int, -1, ENOBUFS, CALL, (int fd, struct sockaddr *sa, socklen_t *len), (fd, sa, len))
WRAP(getpwnam, struct passwd *, NULL, EMFILE, CALL | DESCRIPTOR, (const char *name), (name))
WRAP(getsockopt, int, -1, ENOBUFS, CALL, (int fd, int level, int name, void *value, socklen_t *len), (fd, level, name, value, len))
WRAP(fdopen, FILE *, NULL, ENOMEM, MEMORY, (int fd, const char *mode), (fd, mode))
WRAP(initgroups, int, -1, ENOMEM, CALL, (const char *user, gid_t gid), (user, gid))
WRAP(listen, int, -1, EADDRINUSE, CALL, (int fd, int n), (fd, n))
WRAP(lseek, off_t, -1, EIO, CALL, (int fd, off_t at, int whence), (fd, at, whence))
WRAP(lstat, int, -1, ENOMEM, CALL, (const char *path, struct stat *st), (path, st))
WRAP(memfd_create, int, -1, EMFILE, CALL | DESCRIPTOR, (const char *name, unsigned flags), (name, flags))
WRAP(mkostemp, int, -1, EMFILE, CALL | DESCRIPTOR, (char *name, int flags), (name, flags))
WRAP(pidfile_open, struct pidfh *, NULL, EMFILE, CALL | DESCRIPTOR, (const char *path, mode_t mode, pid_t *other), (path, mode, other))
WRAP(pidfile_write, int, -1, ENOSPC, CALL, (struct pidfh *file), (file))
WRAP(pipe2, int, -1, EMFILE, CALL | DESCRIPTOR, (int fds[2], int flags), (fds, flags))
WRAP(poll, int, -1, ENOMEM, CALL | INTERRUPTION, (struct pollfd *fds, nfds_t n, int ms), (fds, n, ms))
WRAP(pread, ssize_t, -1, EIO, CALL | INTERRUPTION, (int fd, void *buf, size_t n, off_t at), (fd, buf, n, at))
WRAP(pwrite, ssize_t, -1, ENOSPC, CALL | INTERRUPTION, (int fd, const void *buf, size_t n, off_t at), (fd, buf, n, at))
WRAP(read, ssize_t, -1, ENOMEM, CALL | INTERRUPTION, (int fd, void *buf, size_t n), (fd, buf, n))
WRAP(readlink, ssize_t, -1, ENOMEM, CALL, (const char *path, char *buf, size_t n), (path, buf, n))
WRAP(recv, ssize_t, -1, ENOMEM, CALL | INTERRUPTION, (int fd, void *buf, size_t n, int flags), (fd, buf, n, flags))
WRAP(recvmsg, ssize_t, -1, ENOMEM, CALL | INTERRUPTION, (int fd, struct msghdr *msg, int flags), (fd, msg, flags))
WRAP(send, ssize_t, -1, ENOBUFS, CALL | INTERRUPTION, (int fd, const void *buf, size_t n, int flags), (fd, buf, n, flags))
WRAP(sendmsg, ssize_t, -1, ENOBUFS, CALL | INTERRUPTION, (int fd, const struct msghdr *msg, int flags), (fd, msg, flags))
WRAP(setpgid, int, -1, EPERM, CALL, (pid_t pid, pid_t group), (pid, group))
WRAP(setresgid, int, -1, EAGAIN, CALL, (gid_t r, gid_t e, gid_t s), (r, e, s))
WRAP(setresuid, int, -1, EAGAIN, CALL, (uid_t r, uid_t e, uid_t s), (r, e, s))
WRAP(setsockopt, int, -1, ENOBUFS, CALL, (int fd, int level, int name, const void *value, socklen_t len), (fd, level, name, value, len))
WRAP(shutdown, int, -1, ENOTCONN, CALL, (int fd, int how), (fd, how))
WRAP(signalfd, int, -1, EMFILE, CALL | DESCRIPTOR, (int fd, const sigset_t *mask, int flags), (fd, mask, flags))
WRAP(socket, int, -1, EMFILE, CALL | DESCRIPTOR, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(socketpair, int, -1, EMFILE, CALL | DESCRIPTOR, (int domain, int type, int protocol, int fds[2]), (domain, type, protocol, fds))
WRAP(splice, ssize_t, -1, ENOMEM, CALL | INTERRUPTION, (int from, off64_t *at, int to, off64_t *there, size_t n, unsigned flags), (from, at, to, there, n, flags))
WRAP(stat, int, -1, ENOMEM, CALL, (const char *path, struct stat *st), (path, st))
WRAP(unlink, int, -1, EIO, CALL, (const char *path), (path))
WRAP(write, ssize_t, -1, ENOSPC, CALL | INTERRUPTION, (int fd, const void *buf, size_t n), (fd, buf, n))
WRAP(writev, ssize_t, -1, ENOBUFS, CALL | INTERRUPTION, (int fd, const struct iovec *iov, int n), (fd, iov, n))

/*
 * These take more arguments or fewer. Passing on what was not given does no
 * harm: nobody looks at it.
 */
WRAP(clone, int, -1, EAGAIN, CALL, (int (*fn)(void *), void *stack, int flags, void *arg), (fn, stack, flags, arg))
WRAP(fcntl, int, -1, ENOLCK, CALL, (int fd, int cmd, long arg), (fd, cmd, arg))
WRAP(ioctl, int, -1, ENOTTY, CALL, (int fd, unsigned long what, void *arg), (fd, what, arg))
WRAP(open, int, -1, EMFILE, CALL | DESCRIPTOR, (const char *path, int flags, mode_t mode), (path, flags, mode))
WRAP(openat, int, -1, EMFILE, CALL | DESCRIPTOR, (int fd, const char *path, int flags, mode_t mode), (fd, path, flags, mode))
WRAP(prctl, int, -1, EINVAL, CALL, (int what, unsigned long a, unsigned long b, unsigned long c, unsigned long d), (what, a, b, c, d))

/* These do more than to fail or not. */
#define WRAPPED(name, type, params)					\
type	__real_##name params;						\
type	__wrap_##name params;						\
type	__wrap_##name params

/* Only what is new to a set takes memory. */
WRAPPED(epoll_ctl, int, (int set, int op, int fd, struct epoll_event *event))
{
	if (op == EPOLL_CTL_ADD && faults_due("epoll_ctl", CALL, ENOSPC,
	    __builtin_return_address(0)))
		return -1;
	return __real_epoll_ctl(set, op, fd, event);
}

WRAPPED(fork, pid_t, (void))
{
	pid_t pid;

	if (faults_due("fork", CALL, EAGAIN, __builtin_return_address(0)))
		return -1;
	if ((pid = __real_fork()) == 0) {
		depth++;
		born = control != NULL ? control->epoch : 0;
	}
	return pid;
}

WRAPPED(syscall, long, (long n, long a, long b, long c, long d, long e))
{
	const void *from = __builtin_return_address(0);

	if ((n == SYS_openat2 && faults_due("openat2",
	    CALL | DESCRIPTOR, EMFILE, from)) ||
	    (n == SYS_pidfd_open && faults_due("pidfd_open",
	    CALL | DESCRIPTOR, EMFILE, from)) ||
	    (n == SYS_execve && faults_due("execve", CALL, ENOMEM, from)) ||
	    (n == SYS_close_range && faults_due("close_range", CALL, ENOMEM,
	    from)))
		return -1;
	return __real_syscall(n, a, b, c, d, e);
}

WRAPPED(asprintf, int __attribute__((format(printf, 2, 3))),
    (char **text, const char *fmt, ...))
{
	va_list ap;
	int n;

	if (faults_due("asprintf", MEMORY, ENOMEM, __builtin_return_address(0)))
		return -1;
	va_start(ap, fmt);
	n = vasprintf(text, fmt, ap);
	va_end(ap);
	return n;
}

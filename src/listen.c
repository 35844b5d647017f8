/* SPDX-License-Identifier: ISC */
/*
 * listen: listening sockets.
 *
 * Must never remove a file that is not a dead socket of ours.
 */
#include "platform.h"

#include "listen.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"

static int
listen_socket(const struct address *a)
{
	return socket(a->sa.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Remove a socket file that no one listens on; EADDRINUSE if one does. */
static int
listen_clear(const struct address *a, const char *path)
{
	struct stat st;
	int fd, rc;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	if ((fd = listen_socket(a)) == -1)
		return -1;
	rc = connect(fd, (const struct sockaddr *)&a->sa, a->sa_len);
	if (rc == 0 || errno != ECONNREFUSED) {
		if (rc == 0 || errno == EAGAIN)
			errno = EADDRINUSE;
		rc = errno;
		(void)close(fd);
		errno = rc;
		return -1;
	}
	(void)close(fd);
	return unlink(path);
}

/*
 * Give the socket that we have just bound to whom it is for. In a directory of
 * somebody else's another file may stand there by now, and not be given away.
 */
static int
listen_give(struct listener *l, const char *path,
    const struct listen_access *access)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC), rc = -1;
	struct stat st;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1)
		goto out;
	if (S_ISSOCK(st.st_mode) && st.st_uid == geteuid() &&
	    st.st_nlink == 1) {
		l->dev = st.st_dev;
		l->ino = st.st_ino;
		rc = access->uid == (uid_t)-1 && access->gid == (gid_t)-1 ? 0 :
		    fchownat(fd, "", access->uid, access->gid, AT_EMPTY_PATH);
	} else {
		errno = EEXIST;
	}
out:
	(void)close(fd);
	return rc;
}

/* Remove the socket file, if it is still the one that we have bound. */
static void
listen_remove(const struct listener *l)
{
	struct stat st;

	if (l->path != NULL && lstat(l->path, &st) == 0 &&
	    st.st_dev == l->dev && st.st_ino == l->ino)
		(void)unlink(l->path);
}

/* Bind without a moment in which the socket is open to more than `access`. */
static int
listen_bind_path(struct listener *l, const struct address *a,
    const char *path, const struct listen_access *access)
{
	mode_t old;
	int rc;

	if ((l->path = strdup(path)) == NULL || listen_clear(a, path) == -1)
		return -1;
	/* No chmod(2): it would follow a link that somebody puts there. */
	old = umask(~access->mode & 0777);
	rc = bind(l->fd, (const struct sockaddr *)&a->sa, a->sa_len);
	(void)umask(old);
	return rc == -1 ? -1 : listen_give(l, path, access);
}

static int
listen_bind(struct listener *l, const struct address *a,
    const struct listen_access *access)
{
	static const int one = 1;
	int fd = l->fd;

	if (a->kind == ADDRESS_PATH)
		return listen_bind_path(l, a,
		    ((const struct sockaddr_un *)&a->sa)->sun_path, access);
	if (a->kind == ADDRESS_INET &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == -1)
		return -1;
	if (a->sa.ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) == -1)
		return -1;
	return bind(fd, (const struct sockaddr *)&a->sa, a->sa_len);
}

int
listen_open(struct listener *l, const char *text,
    const struct listen_access *access)
{
	struct address a = { .kind = ADDRESS_INET };
	int saved;

	*l = (struct listener){ .fd = -1, .text = strdup(text) };
	if (l->text == NULL)
		return -1;
	if (address_parse(text, &a) != NULL) {
		listen_close(l);
		errno = EINVAL;
		return -1;
	}
	l->is_unix = a.kind != ADDRESS_INET;
	if ((l->fd = listen_socket(&a)) == -1)
		goto fail;
	if (listen_bind(l, &a, access) == 0 && listen(l->fd, SOMAXCONN) == 0)
		return 0;
fail:
	saved = errno;
	listen_remove(l);
	listen_close(l);
	errno = saved;
	return -1;
}

/* What kind of socket it is; -1 for what is none. */
static int
listen_option(int fd, int option)
{
	int value;
	socklen_t len = sizeof value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == -1 ? -1 :
	    value;
}

const char *
listen_adopt(struct listener *l, int fd, const char *text)
{
	int domain = listen_option(fd, SO_DOMAIN), flags;

	*l = (struct listener){ .fd = -1, .inherited = true,
	    .is_unix = domain == AF_UNIX };
	if (domain != AF_UNIX && domain != AF_INET && domain != AF_INET6)
		return domain == -1 ? "it is no socket" :
		    "it is no Unix or TCP socket";
	if (listen_option(fd, SO_TYPE) != SOCK_STREAM)
		return "it is no stream socket: the socket unit wants "
		    "ListenStream=";
	if (listen_option(fd, SO_ACCEPTCONN) != 1)
		return "nobody listens on it: the socket unit wants Accept=no";
	if ((flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    (l->text = strdup(text)) == NULL ||
	    (l->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1) {
		flags = errno;
		listen_close(l);
		return strerror(flags);
	}
	return NULL;
}

/*
 * Have the kernel drop what would begin a TCP connection: a SYN without ACK.
 * To shut the socket down would reset those that are on their way; a backlog of
 * nothing would let the last packet of their handshake fall.
 */
static int
listen_refuse(int fd)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),	/* the flags */
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog program = { .len = sizeof code / sizeof code[0],
	    .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof program);
}

void
listen_retire(struct listener *l)
{
	if (l->inherited)
		return;
	listen_remove(l);
	if (l->is_unix)			/* keeps its queue */
		(void)shutdown(l->fd, SHUT_RD);
	else if (listen_refuse(l->fd) == -1)
		(void)listen(l->fd, 0);
}

void
listen_close(struct listener *l)
{
	if (l->fd != -1)
		(void)close(l->fd);
	free(l->text);
	free(l->path);
	*l = (struct listener){ .fd = -1 };
}

int
listen_accept(const struct listener *l)
{
	int fd;

	do
		fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	while (fd == -1 && (errno == EINTR || errno == ECONNABORTED ||
	    errno == EPROTO));
	return fd;
}

unsigned
listen_waiting(const struct listener *l)
{
	struct tcp_info info = { .tcpi_unacked = 0 };
	socklen_t len = sizeof info;

	if (l->inherited)
		return 0;
	if (l->is_unix || getsockopt(l->fd, IPPROTO_TCP, TCP_INFO, &info,
	    &len) == -1)
		return INT32_MAX;
	return info.tcpi_unacked;	/* of a listener: its queue */
}

void
listen_peer(const struct listener *l, int fd, char *text, size_t size)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof ss;
	const void *address = &((struct sockaddr_in *)&ss)->sin_addr;

	(void)memcpy(text, "unix", sizeof "unix");
	if (l->is_unix || getpeername(fd, (struct sockaddr *)&ss, &len) == -1)
		return;
	if (ss.ss_family == AF_INET6)
		address = &((struct sockaddr_in6 *)&ss)->sin6_addr;
	(void)inet_ntop(ss.ss_family, address, text, (socklen_t)size);
}

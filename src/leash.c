/* SPDX-License-Identifier: ISC */
/*
 * leash: what ties a worker to its master.
 *
 * Caution: an end that another process has inherited keeps the leash from
 * ending; so who forks closes all ends that are not the new process's own.
 */
#include "platform.h"

#include "leash.h"

#include <sys/socket.h>

#include <errno.h>
#include <string.h>

int
leash_make(int ends[2])
{
	return socketpair(AF_UNIX,
	    SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
}

int
leash_tell(int end, enum leash_word word, const struct leash_message *message)
{
	static const struct leash_message none = { .fds = { -1, -1 } };
	union {
		struct cmsghdr	header;
		char		room[CMSG_SPACE(LEASH_FDS * sizeof(int))];
	} control = { .room = { 0 } };
	unsigned char first = (unsigned char)word;
	const struct leash_message *m = message != NULL ? message : &none;
	struct iovec parts[] = { { &first, 1 },
	    { (void *)(size_t)m->bytes, m->n_bytes } };
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
	struct cmsghdr *header = &control.header;
	size_t n = 0;
	ssize_t sent;

	while (n < LEASH_FDS && m->fds[n] != -1)
		n++;
	if (n > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		*header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
		    .cmsg_type = SCM_RIGHTS,
		    .cmsg_len = CMSG_LEN(n * sizeof(int)) };
		memcpy(CMSG_DATA(header), m->fds, n * sizeof(int));
	}
	do
		sent = sendmsg(end, &msg, MSG_NOSIGNAL);
	while (sent == -1 && errno == EINTR);
	return sent == -1 ? -1 : 0;
}

enum leash_word
leash_hear(int end, struct leash_message *m)
{
	union {
		struct cmsghdr	header;
		char		room[CMSG_SPACE(LEASH_FDS * sizeof(int))];
	} control = { .room = { 0 } };
	unsigned char first = LEASH_SILENT;
	struct iovec parts[] = { { &first, 1 }, { m->bytes, LEASH_BYTES } };
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2,
	    .msg_control = &control, .msg_controllen = sizeof control };
	struct cmsghdr *header;
	ssize_t n;

	m->n_bytes = 0;
	m->fds[0] = m->fds[1] = -1;
	do
		n = recvmsg(end, &msg, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n == -1)	/* for want of memory it can be heard later */
		return errno == EAGAIN || errno == ENOMEM || errno == ENOBUFS ?
		    LEASH_SILENT : LEASH_GONE;
	if (n == 0)
		return LEASH_GONE;
	m->n_bytes = (size_t)n - 1;
	header = CMSG_FIRSTHDR(&msg);
	if (header != NULL && header->cmsg_level == SOL_SOCKET &&
	    header->cmsg_type == SCM_RIGHTS)
		memcpy(m->fds, CMSG_DATA(header),
		    header->cmsg_len - CMSG_LEN(0));
	return (enum leash_word)first;
}

/* SPDX-License-Identifier: ISC */
/*
 * flow: bytes from one descriptor to another through one fixed buffer.
 *
 * Knows nothing of what the bytes mean. Invariant: off + len <= size, and an
 * empty buffer has off 0, so that all of it can be filled.
 */
#include "platform.h"

#include "flow.h"

#include <sys/ioctl.h>
#include <sys/uio.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Hot in the processor's cache, where buffers of their own would not be. */
static char flow_shared[FLOW_SIZE];

int
flow_init(struct flow *flow, size_t size)
{
	flow->off = flow->len = 0;
	flow->size = size;
	return (flow->buf = malloc(size)) == NULL ? -1 : 0;
}

void
flow_lend(struct flow *flow, size_t size)
{
	*flow = (struct flow){ .size = size };
}

int
flow_keep(struct flow *flow)
{
	char *own;

	if (flow->len == 0) {
		if (flow->buf != flow_shared)
			free(flow->buf);
		flow->buf = NULL;
	} else if (flow->buf == flow_shared) {
		if ((own = malloc(flow->size)) == NULL)
			return -1;
		flow->buf = memcpy(own, flow->buf + flow->off, flow->len);
		flow->off = 0;
	}
	return 0;
}

void
flow_free(struct flow *flow)
{
	if (flow->buf != flow_shared)
		free(flow->buf);
	free(flow->lead);
	*flow = (struct flow){ .buf = NULL };
}

size_t
flow_room(const struct flow *flow)
{
	return flow->size - flow->len;
}

size_t
flow_pending(const struct flow *flow)
{
	return flow->len + flow->lead_len;
}

/* Have room for `len` bytes behind those that are there. */
static void
flow_align(struct flow *flow, size_t len)
{
	if (flow->off == 0 || flow->off + flow->len + len <= flow->size)
		return;
	memmove(flow->buf, flow->buf + flow->off, flow->len);
	flow->off = 0;
}

ssize_t
flow_read(int fd, void *buf, size_t size)
{
	ssize_t n;

	do
		n = read(fd, buf, size);
	while (n == -1 && errno == EINTR);
	return n;
}

ssize_t
flow_pass(int from, int to, size_t most)
{
	ssize_t n;

	do
		n = splice(from, NULL, to, NULL, most,
		    SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
	while (n == -1 && errno == EINTR);
	return n;
}

size_t
flow_waiting(int fd)
{
	int n;

	return ioctl(fd, FIONREAD, &n) == 0 ? (size_t)n : FLOW_SIZE;
}

ssize_t
flow_fill(struct flow *flow, int fd, size_t most)
{
	size_t room;
	ssize_t n;

	if (flow->buf == NULL)
		flow->buf = flow->size <= FLOW_SIZE ? flow_shared :
		    malloc(flow->size);
	if (flow->buf == NULL)
		return -1;
	flow_align(flow, 1);
	room = flow->size - flow->off - flow->len;
	assert(room > 0 && most > 0);
	n = flow_read(fd, flow->buf + flow->off + flow->len,
	    room < most ? room : most);
	if (n > 0)
		flow->len += (size_t)n;
	return n;
}

void
flow_drop(struct flow *flow, size_t len)
{
	assert(len <= flow->len);
	flow->off += len;
	flow->len -= len;
	if (flow->len == 0)
		flow->off = 0;
}

/* `n` bytes have gone out: first of the lead, then of the buffer. */
static void
flow_gone(struct flow *flow, size_t n)
{
	size_t lead = n < flow->lead_len ? n : flow->lead_len;

	flow->lead_off += lead;
	flow->lead_len -= lead;
	if (flow->lead_len == 0) {
		free(flow->lead);
		flow->lead = NULL;
	}
	flow_drop(flow, n - lead);
}

ssize_t
flow_drain(struct flow *flow, int fd, size_t most)
{
	struct iovec iov[2];
	size_t len = flow->len < most ? flow->len : most;
	int parts = 0;
	ssize_t n;

	if (flow->lead_len > 0)
		iov[parts++] = (struct iovec){ flow->lead + flow->lead_off,
		    flow->lead_len };
	if (len > 0)
		iov[parts++] = (struct iovec){ flow->buf + flow->off, len };
	assert(parts > 0);
	do
		n = writev(fd, iov, parts);
	while (n == -1 && errno == EINTR);
	if (n > 0)
		flow_gone(flow, (size_t)n);
	return n;
}

void
flow_put(struct flow *flow, const char *bytes, size_t len)
{
	flow_align(flow, len);
	assert(flow->off + flow->len + len <= flow->size);
	memcpy(flow->buf + flow->off + flow->len, bytes, len);
	flow->len += len;
}

void
flow_lead(struct flow *flow, char *bytes, size_t len)
{
	assert(flow->lead == NULL);
	flow->lead = bytes;
	flow->lead_off = 0;
	flow->lead_len = len;
}

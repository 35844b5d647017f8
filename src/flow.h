/* SPDX-License-Identifier: ISC */
/*
 * flow: bytes from one descriptor to another through one fixed buffer.
 */
#ifndef CGID_FLOW_H
#define CGID_FLOW_H

#include <sys/types.h>

#include <stddef.h>

#define FLOW_SIZE	65536	/* bytes; what a pipe holds */

/* read(2), which does not return EINTR. */
ssize_t	flow_read(int fd, void *buf, size_t size);

/*
 * splice(2) once, `most` bytes at most: from a pipe or to one, without looking
 * at them. 0 at the end of the input, -1 with errno; EINTR is not returned. It
 * waits for nothing, and EAGAIN does not tell for whom to wait: flow_waiting()
 * of the input does. Caution: pages of files that a program has put into its
 * pipe by splice(2) itself are not copied.
 */
ssize_t	flow_pass(int from, int to, size_t most);

/* Bytes that can be read now; FLOW_SIZE if that cannot be known. */
size_t	flow_waiting(int fd);

/* A zeroed one is empty and has no buffer yet. */
struct flow {
	char	*buf;		/* owned */
	size_t	 size;
	size_t	 off, len;	/* what is in it: buf[off .. off + len] */
	char	*lead;		/* owned: goes out before the buffer, or NULL */
	size_t	 lead_off, lead_len;
};

/* Give it a buffer. -1 without memory. */
int	flow_init(struct flow *, size_t size);

/*
 * Or only the size of one: it is lent a buffer that all flows share at the first
 * flow_fill(), or one of its own if the size is above FLOW_SIZE. Before another is
 * filled flow_keep() must give what is left in it a buffer of its own, which goes
 * when nothing is left; -1 without memory.
 */
void	flow_lend(struct flow *, size_t size);
int	flow_keep(struct flow *);
void	flow_free(struct flow *);

/* Room for a flow_fill(), in bytes. */
size_t	flow_room(const struct flow *);

/* Bytes that wait to be drained. */
size_t	flow_pending(const struct flow *);

/*
 * Read once, `most` bytes at most. What read(2) returns; 0 only at the end of
 * the input. There must be room. EINTR is not returned.
 */
ssize_t	flow_fill(struct flow *, int fd, size_t most);

/*
 * Write once what waits, `most` bytes of the buffer at most and the lead
 * before them. What write(2) returns. EINTR is not returned.
 */
ssize_t	flow_drain(struct flow *, int fd, size_t most);

/* Put bytes in by hand; there must be room. */
void	flow_put(struct flow *, const char *, size_t len);

/* Drop bytes from the front of the buffer. */
void	flow_drop(struct flow *, size_t len);

/* Have allocated bytes go out first; the flow owns them from here on. */
void	flow_lead(struct flow *, char *, size_t len);

#endif

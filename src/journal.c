/* SPDX-License-Identifier: ISC */
/*
 * journal: lines with fields, by the native protocol of systemd's journal.
 *
 * A value with a line feed in it has its length before it instead of a "=", so
 * that no value can end itself and begin a field.
 */
#include "platform.h"

#include "journal.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <bsd/string.h>
#include <ctype.h>
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts.h"

/* No value pushes out the others. */
#define JOURNAL_LONGEST	2048

bool
journal_is_stderr(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	if (stream == NULL || sscanf(stream, "%llu:%llu", &dev, &ino) != 2 ||
	    fstat(STDERR_FILENO, &st) == -1)
		return false;
	return st.st_dev == dev && st.st_ino == ino;
}

static struct sockaddr_un
journal_address(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	(void)strlcpy(un.sun_path, path, sizeof un.sun_path);
	return un;
}

int
journal_open(const char *path)
{
	struct sockaddr_un to = journal_address(path), none =
	    { .sun_family = AF_UNSPEC };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	/* Asked once, then let go: it may be started anew at any time. */
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1 ||
	    connect(fd, (struct sockaddr *)&none, sizeof none) == -1) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* Is there room for so many bytes more? */
static bool
journal_has_room(const struct journal *j, size_t n)
{
	return n <= sizeof j->bytes - j->len;
}

static void
journal_put(struct journal *j, const void *bytes, size_t len)
{
	memcpy(j->bytes + j->len, bytes, len);
	j->len += len;
}

/* A field; it is there whole or not at all. */
static void
journal_field(struct journal *j, const char *key, const char *value,
    size_t len)
{
	bool plain = memchr(value, '\n', len) == NULL;
	uint64_t size = htole64((uint64_t)len);

	if (!journal_has_room(j, strlen(key) + 1 + sizeof size + len + 1))
		return;
	journal_put(j, key, strlen(key));
	if (plain) {
		journal_put(j, "=", 1);
	} else {
		journal_put(j, "\n", 1);
		journal_put(j, &size, sizeof size);
	}
	journal_put(j, value, len);
	journal_put(j, "\n", 1);
}

void
journal_start(struct journal *j, int priority, const char *message, size_t len)
{
	char digit = (char)('0' + priority);

	j->len = 0;
	journal_field(j, "MESSAGE", message, len);
	journal_field(j, "PRIORITY", &digit, 1);
	journal_field(j, "SYSLOG_IDENTIFIER", "scgi-cgid", 9);
	journal_field(j, "SYSLOG_FACILITY", "3", 1);	/* daemon */
}

void
journal_facts(struct journal *j, const struct facts *f)
{
	char key[48] = "CGID_", number[24];
	size_t i, k, len;

	for (i = 0; i < f->n; i++) {
		for (k = 0; f->v[i].key[k] != '\0' && k + 6 < sizeof key; k++)
			key[5 + k] = (char)toupper((unsigned char)
			    f->v[i].key[k]);
		key[5 + k] = '\0';
		if (f->v[i].text != NULL) {
			len = strlen(f->v[i].text);
			journal_field(j, key, f->v[i].text,
			    len < JOURNAL_LONGEST ? len : JOURNAL_LONGEST);
			continue;
		}
		len = (size_t)snprintf(number, sizeof number, "%lld",
		    f->v[i].number);
		journal_field(j, key, number, len);
	}
}

bool
journal_send(int fd, const char *path, const struct journal *j)
{
	struct sockaddr_un to = journal_address(path);

	return sendto(fd, j->bytes, j->len, MSG_DONTWAIT | MSG_NOSIGNAL,
	    (struct sockaddr *)&to, sizeof to) == (ssize_t)j->len;
}

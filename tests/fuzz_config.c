/* SPDX-License-Identifier: ISC */
/*
 * config: a file is read whole, and then is as config.h promises, or refused
 * whole. No name is ever resolved: addresses are taken only as numbers.
 */
#include "platform.h"

#include "config.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <arpa/inet.h>

#include <netdb.h>
#include <netinet/in.h>
#include <syslog.h>
#include <unistd.h>

#include "address.h"
#include "allow.h"
#include "fuzz.h"
#include "inherit.h"
#include "log.h"

/* In the place of the C library's, which would ask the network. */
int
getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **out)
{
	struct sockaddr_in6 *sin6;
	struct sockaddr_in *sin;
	struct addrinfo *a = calloc(1, sizeof *a + sizeof *sin6);

	FUZZ_TRUE(a != NULL && port != NULL && hints != NULL);
	a->ai_addr = (struct sockaddr *)(a + 1);
	sin = (struct sockaddr_in *)(a + 1);
	sin6 = (struct sockaddr_in6 *)(a + 1);
	if (inet_pton(AF_INET, host, &sin->sin_addr) == 1) {
		a->ai_addrlen = sizeof *sin;
		sin->sin_family = AF_INET;
	} else if (inet_pton(AF_INET6, host, &sin6->sin6_addr) == 1) {
		a->ai_addrlen = sizeof *sin6;
		sin6->sin6_family = AF_INET6;
	} else {
		free(a);
		return EAI_NONAME;
	}
	*out = a;
	return 0;
}

void
freeaddrinfo(struct addrinfo *a)
{
	free(a);
}

/* Are there rules for peers' addresses, or for their users? */
static bool
config_allows(const struct config *c, bool address)
{
	size_t i;

	for (i = 0; i < c->allow.n; i++)
		if (allow_is_address(c->allow.v[i]) == address)
			return true;
	return false;
}

/* What everybody can reach has a list of those who may. */
static void
config_is_closed(const struct config *c)
{
	struct address a;
	size_t i;

	FUZZ_TRUE((c->socket_mode & 0002) == 0 || config_allows(c, false));
	for (i = 0; i < c->listen.n; i++) {
		if (inherit_is_word(c->listen.v[i])) {
			FUZZ_TRUE(inherit_check(c->listen.v[i]) == NULL);
			continue;
		}
		FUZZ_TRUE(address_parse(c->listen.v[i], &a) == NULL);
		FUZZ_TRUE(address_is_local(&a) || config_allows(c, true));
	}
}

static void
config_look_at(const struct config *c)
{
	const struct mapping *m;

	FUZZ_TRUE(c->n_maps > 0 && c->maps != NULL && c->log != NULL);
	FUZZ_TRUE(c->access_log != NULL && c->requests_per_worker > 0);
	FUZZ_TRUE(c->max_header >= 1024 && c->max_field >= 256);
	config_is_closed(c);
	for (m = c->maps; m < c->maps + c->n_maps; m++) {
		FUZZ_TRUE((m->directory != NULL) + (m->program != NULL) +
		    (m->script_filename.n > 0) == 1);
		FUZZ_TRUE(m->prefix_len == strlen(m->prefix));
		FUZZ_TRUE(m->prefix_len == 0 || m->prefix[0] == '/');
		FUZZ_TRUE(m == c->maps || m->prefix_len <= m[-1].prefix_len);
		FUZZ_TRUE(m->set.max_response_header > 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char path[64];
	static int fd = -1;
	struct config *config;

	if (fd == -1) {
		FUZZ_TRUE((fd = memfd_create("conf", MFD_CLOEXEC)) != -1);
		(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		FUZZ_TRUE(log_open(LOG_MESSAGES, "none") == 0);
	}
	FUZZ_TRUE(ftruncate(fd, 0) == 0);
	FUZZ_TRUE(pwrite(fd, data, len, 0) == (ssize_t)len);
	if ((config = config_read(path)) != NULL)
		config_look_at(config);
	config_free(config);
	return 0;
}

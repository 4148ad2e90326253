/* SPDX-License-Identifier: Apache-2.0 */
/* listener: one port, two protocols. It accepts connections, looks at their
 * first three bytes without taking them, and hands each to the library that
 * speaks its protocol: `PRI` is the preface of HTTP/2, which is gRPC; anything
 * else is HTTP/1.1. (One byte is not enough: POST and PUT begin with P too.)
 *
 * One thread serves all addresses. A connection that says nothing for
 * LISTENER_SILENCE_SECONDS is closed. */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "server/config.h"

enum { LISTENER_SILENCE_SECONDS = 30 };

/* What to do with a connection; fd is non-blocking and close-on-exec, has
 * TCP_NODELAY set, and is the callee's from then on. */
struct listener_handlers {
	void (*http2)(void *arg, int fd);
	void (*http1)(void *arg, int fd, const struct sockaddr *addr, socklen_t len);
	void *arg;
};

struct listener;

/* listener_new makes one that listens nowhere yet. */
struct listener *listener_new(void);

/* listener_bind listens on all addresses of all urls.
 *
 * Ownership:  *h is copied. http2 may be NULL: such connections are closed.
 * Requires:   listener_start() has not been called.
 * Returns:    false if one cannot be had; error says which and why. */
bool listener_bind(struct listener *l, const struct config_urls *urls,
	const struct listener_handlers *h, char *error, size_t error_size);

/* listener_start begins to accept, in a thread of its own. Until then callers
 * wait in the kernel's queue. */
void listener_start(struct listener *l);

/* listener_stop closes the listening sockets and all undecided connections,
 * and returns when no handler runs any more. Frees l. */
void listener_stop(struct listener *l);

#endif

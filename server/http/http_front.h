/* SPDX-License-Identifier: Apache-2.0 */
/* http_front: HTTP/1.1 on the client port (/version, /health, the JSON gateway
 * below /v3/) and on the peer port (/version), over libmicrohttpd. One thread;
 * a request that waits for the server is set aside meanwhile. */
#ifndef SERVER_HTTP_HTTP_FRONT_H
#define SERVER_HTTP_HTTP_FRONT_H

#include <sys/socket.h>

#include "server/etcdserver/etcdserver.h"

struct http_front;

enum http_port { HTTP_CLIENT_PORT, HTTP_PEER_PORT };

/* http_front_start makes a server without an address of its own. */
struct http_front *http_front_start(struct etcdserver *s, enum http_port port);

/* http_front_add gives it a connection. fd is its own from then on. Any thread. */
void http_front_add(struct http_front *f, int fd, const struct sockaddr *addr, socklen_t len);

/* http_front_stop waits for the requests that are under way, closes all
 * connections and frees f.
 * Requires: http_front_add() is not called any more, and the server answers all
 * calls soon (etcdserver_stop). */
void http_front_stop(struct http_front *f);

#endif

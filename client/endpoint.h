/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_ENDPOINT_H
#define CLIENT_ENDPOINT_H

#include <stdbool.h>

#include "client/util.h"

/* endpoint_target finds what to connect to for an endpoint as etcdctl takes
 * it: host:port, http://host:port (a path behind is ignored), unix://path.
 *
 * Returns: NULL and the target, in gRPC's notation; or why there is none. */
const char *endpoint_target(struct pool *p, const char *endpoint, const char **target);

/* endpoint_is_secure tells whether TLS is asked for, which we don't have yet. */
bool endpoint_is_secure(const char *endpoint);

#endif

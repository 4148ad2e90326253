/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint.h"

#include <stdlib.h>
#include <string.h>

static bool endpoint_scheme(const char *endpoint, const char *scheme)
{
	return strncmp(endpoint, scheme, strlen(scheme)) == 0;
}

bool endpoint_is_secure(const char *endpoint)
{
	return endpoint_scheme(endpoint, "https://") || endpoint_scheme(endpoint, "unixs://");
}

/* endpoint_port returns the colon before the port; NULL if there is no port.
 * An IPv6 address stands in brackets. */
static const char *endpoint_port(const char *address)
{
	const char *colon = strrchr(address, ':'), *bracket = strchr(address, ']');

	if (address[0] == '[')
		return bracket && bracket[1] == ':' ? bracket + 1 : NULL;
	return colon && colon == strchr(address, ':') ? colon : NULL;
}

const char *endpoint_target(struct pool *p, const char *endpoint, const char **target)
{
	const char *scheme_end = strstr(endpoint, "://"), *address = endpoint, *port;
	char *end;

	*target = NULL;
	if (endpoint_scheme(endpoint, "unix://")) {
		if (endpoint[7] == '\0')
			return "missing path";
		*target = pool_printf(p, "unix:%s", endpoint + 7);
		return NULL;
	}
	if (scheme_end) {
		if (!endpoint_scheme(endpoint, "http://"))
			return "unknown scheme";
		address = scheme_end + 3;
		address = pool_strndup(p, address, strcspn(address, "/?#"));
	}
	port = endpoint_port(address);
	if (!port)
		return "missing port in address";
	if (port == address)
		return "missing host in address";
	if (port[1] < '0' || port[1] > '9' || strtoul(port + 1, &end, 10) > 65535 || *end)
		return "invalid port";
	*target = pool_printf(p, "dns:///%s", address);
	return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ETCDSERVER_SHA1_H
#define SERVER_ETCDSERVER_SHA1_H

#include <stddef.h>
#include <stdint.h>

/* sha1_first8 is the first 8 bytes, big-endian, of the SHA-1 of data (FIPS
 * 180-4). etcd derives the ids of members and clusters from it; nothing here
 * relies on it for security. */
uint64_t sha1_first8(const void *data, size_t len);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_VERSION_H
#define CLIENT_VERSION_H

/* The etcdctl whose commands, output and exit codes these are. */
#define ETCDCTL_VERSION "3.4.23"
#define ETCDCTL_API_VERSION "3.4"

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines that `txn` reads:
 *
 *     comparison  <target>("<key>") <operator> "<value>"
 *                 target: ver[sion] c[reate] m[od] val[ue] lease
 *                 operator: = != < >
 *     request     a get, put or del command line, as for the shell
 *
 * Both return CTL_OK, or print what is wrong and return the exit code.
 *
 * Two faults of etcdctl 3.4 are not repeated: there, 'single quotes' cut a word
 * at the number of words in the line, and an unknown operator or any comparison
 * of leases ends in a Go panic. Here lease compares with an ID in hexadecimal,
 * as put --lease takes it.
 */
#ifndef CLIENT_TXN_LINE_H
#define CLIENT_TXN_LINE_H

#include "client/command.h"
#include "server/etcdserverpb/rpc.pb-c.h"

/* txn_line_words splits a line at white space. "double quoted" words have Go's
 * escapes, 'single quoted' ones none; a quote inside of a word means nothing. */
int txn_line_words(struct ctl *ctl, const char *line, const char ***words, size_t *n);

/* txn_line_compare reads a comparison. */
int txn_line_compare(struct ctl *ctl, const char *line, Etcdserverpb__Compare **out);

/* txn_line_request reads a request. */
int txn_line_request(struct ctl *ctl, const char *line, Etcdserverpb__RequestOp **out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_CSV_H
#define CLIENT_CSV_H

#include "client/util.h"

/* csv_parse splits the first line of s at its commas. A field in double quotes
 * may hold commas, and doubled quotes for quotes. An empty s has no fields.
 * Returns: NULL, or the complaint, as Go's encoding/csv words it. */
const char *csv_parse(struct pool *p, const char *s, const char ***fields, size_t *n);

#endif

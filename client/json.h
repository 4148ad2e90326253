/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as Go's encoding/json writes it. A library would not do: etcd's ids are
 * 64 bits without a sign (jansson's integers have one), strings come from
 * outside and need not be UTF-8, and every escape shows.
 */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include "client/util.h"

/* json_string appends len bytes as a string. What is not UTF-8 becomes U+FFFD. */
void json_string(struct text *t, const char *s, size_t len);

/* json_message appends a message as an object: fields by their names in the
 * .proto file, zero ones left out, bytes in base64. */
void json_message(struct text *t, const ProtobufCMessage *m);

#endif

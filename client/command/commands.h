/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_COMMAND_COMMANDS_H
#define CLIENT_COMMAND_COMMANDS_H

#include "client/command.h"

extern const struct command command_get;
extern const struct command command_put;
extern const struct command command_del;
extern const struct command command_txn;
extern const struct command command_compaction;
extern const struct command command_endpoint;
extern const struct command command_member;
extern const struct command command_version;
extern const struct command command_help_topic; /* "help" */

#endif

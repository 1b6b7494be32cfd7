/* Commands that make agents, tokens and channels. */
#pragma once

#include "cli_kit.h"

int cmd_agent_add(struct cli *cli);
int cmd_token_add(struct cli *cli);
int cmd_channel_add(struct cli *cli);
int cmd_channel_list(struct cli *cli);

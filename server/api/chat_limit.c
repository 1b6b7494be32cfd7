/* How much strangers may do in a chat, and who may do nothing. */
#include "api/chat_limit.h"

#include "api/throttle.h"
#include "base/address.h"
#include "base/clock.h"
#include "store/block.h"

/* Of one connection. */
#define CHAT_SOCKET_GREETINGS_MAX 60
#define CHAT_SOCKET_PEOPLE_MAX 3

static bool spend_chat(struct call *call, enum throttle_kind kind, const char *key, int64_t limit)
{
    int64_t wait = 0;
    if (throttle_spend(kind, key, 1, limit, clock_monotonic(), &wait))
        return true;
    call_refuse(call, NULL, chat_limit);
    call->err.retry_after_ms = wait;
    return false;
}

static bool refuse_socket(struct call *call)
{
    return call_refuse(call, NULL, chat_connection_limit);
}

bool chat_may_greet(struct call *call)
{
    char prefix[ADDRESS_PREFIX_SIZE];
    address_prefix(call->caller.address, prefix);
    if (!spend_chat(call, THROTTLE_GREETINGS, prefix, call->desk->limits.chat_greetings_per_address))
        return false;
    return call->caller.greetings++ < CHAT_SOCKET_GREETINGS_MAX || refuse_socket(call);
}

bool chat_is_welcome(struct call *call)
{
    char prefix[ADDRESS_PREFIX_SIZE];
    address_prefix(call->caller.address, prefix);
    bool blocked = block_holds(call->db, call->arena, call->caller.identity_key, prefix);
    return call_db_fine(call) && (!blocked || call_refuse(call, NULL, visitor_blocked));
}

static bool may_be_new(struct call *call, const char *prefix, const char *channel)
{
    const struct limits *l = &call->desk->limits;
    if (call->caller.people >= CHAT_SOCKET_PEOPLE_MAX)
        return refuse_socket(call);
    return spend_chat(call, THROTTLE_ADDRESS_PEOPLE, prefix, l->chat_people_per_address) &&
           spend_chat(call, THROTTLE_CHANNEL_PEOPLE, channel, l->chat_people_per_channel);
}

bool chat_may_send(struct call *call, const struct channel_account *account)
{
    const struct limits *l = &call->desk->limits;
    char prefix[ADDRESS_PREFIX_SIZE], channel[UUID_TEXT_SIZE];
    address_prefix(call->caller.address, prefix);
    uuid_format(&account->uuid, channel);
    return spend_chat(call, THROTTLE_MESSAGES, call->caller.visitor_value, THROTTLE_MESSAGES_MAX) &&
           spend_chat(call, THROTTLE_ADDRESS_MESSAGES, prefix, l->chat_messages_per_address) &&
           spend_chat(call, THROTTLE_CHANNEL_MESSAGES, channel, l->chat_messages_per_channel) &&
           (call->caller.identity_key || may_be_new(call, prefix, channel)) && chat_is_welcome(call);
}

bool chat_may_type(const struct caller *caller)
{
    return throttle_spend(THROTTLE_TYPING, caller->visitor_value, 1, THROTTLE_TYPING_MAX, clock_monotonic(), NULL);
}

bool chat_may_see(const struct caller *caller)
{
    return throttle_spend(THROTTLE_SEEN, caller->visitor_value, 1, THROTTLE_SEEN_MAX, clock_monotonic(), NULL);
}

bool chat_may_identify(struct call *call)
{
    char prefix[ADDRESS_PREFIX_SIZE];
    address_prefix(call->caller.address, prefix);
    return spend_chat(call, THROTTLE_NAMES, call->caller.visitor_value, THROTTLE_NAMES_MAX) &&
           spend_chat(call, THROTTLE_NAMES, prefix, call->desk->limits.chat_messages_per_address) &&
           chat_is_welcome(call);
}

void chat_was_here(struct call *call)
{
    struct caller *c = &call->caller;
    char prefix[ADDRESS_PREFIX_SIZE];
    if (c->seen_identity == c->identity_key)
        return;
    address_prefix(c->address, prefix);
    visitor_address_seen(call->db, c->identity_key, prefix, call->now);
    c->seen_identity = c->identity_key;
}

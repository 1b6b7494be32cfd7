#include "desk/conversation/unseen.h"

#include "base/buf.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdlib.h>

int64_t unseen_due(const struct channel_account *chat, int64_t now)
{
    long minutes = strtol(channel_setting(chat, "unseen_minutes"), NULL, 10);
    int64_t wait = minutes < UNSEEN_LONGEST_MS / MINUTE_MS ? minutes * MINUTE_MS : UNSEEN_LONGEST_MS;
    return minutes > 0 ? now + wait : 0;
}

const char *unseen_payload(struct arena *a, const char *address, int64_t until)
{
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '{');
    json_put_text(&out, "address", address);
    json_put_int(&out, "until", until);
    return json_done(a, &out, '}');
}

const char *unseen_address(struct arena *a, const struct entry *e)
{
    struct json_object *payload = e->payload ? json_parse(e->payload, strlen(e->payload), NULL) : NULL;
    const char *address = json_text(a, payload, "address");
    json_object_put(payload);
    return address;
}

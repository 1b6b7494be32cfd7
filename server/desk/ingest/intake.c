#include "desk/ingest/intake.h"

struct intake intake_by(const struct channel_account *account, int64_t received_at, struct cause cause)
{
    return (struct intake){.channel = account->id,
                           .channel_id = account->uuid,
                           .readers = account->readers,
                           .medium = (int)channel_medium(account),
                           .received_at = received_at,
                           .cause = cause};
}

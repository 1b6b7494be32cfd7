/* What comes over the bus: whoever can reach NATS writes it. */
#include "web/hub/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame f;
    struct frame_head head;
    if (!frame_open(&f, data, size, &head))
        return 0;
    if (head.kind == WIRE_CHANGES) {
        struct changes changes = {0};
        wire_take_changes(&f, &changes);
        changes_clear(&changes);
    }
    while (head.kind == WIRE_PRESENCE && !f.broken && f.at < f.end) {
        struct wire_presence p;
        wire_take_presence(&f, &p);
        wire_presence_clear(&p);
    }
    return 0;
}

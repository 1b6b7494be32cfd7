#include "channel/signer.h"

bool signer_speaks(const struct signer *signer, const char *address)
{
    const char *const *own = signer->addresses.items;
    for (size_t i = 0; address && i < signer->addresses.n; i++)
        if (strcmp(own[i], address) == 0)
            return true;
    return false;
}

bool signers_may_know(const struct list *signers, const char *address)
{
    const struct signer *items = signers->items;
    for (size_t i = 0; i < signers->n; i++)
        if (items[i].kind == MAIL_KEY_AUTHORITY || signer_speaks(&items[i], address))
            return true;
    return false;
}

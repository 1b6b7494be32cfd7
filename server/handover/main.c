/* throughline-deliver: a mail on standard input becomes a call of an e-mail channel's webhook, for the pipes of mail servers
 * (docs/channels/email.md). It runs beside the mail server, which may be another machine, and needs libcurl alone. */
#include "handover/order.h"
#include "handover/post.h"

#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

int main(int argc, char **argv)
{
    AUTO_BUF struct buf token = {0};
    static struct order order;
    signal(SIGPIPE, SIG_IGN);
    if (!order_read(argc, argv, &order))
        return EX_TEMPFAIL;
    if (order.help) {
        order_help();
        return EX_OK;
    }
    if (order.version) {
        printf("throughline-deliver " THROUGHLINE_VERSION "\n");
        return EX_OK;
    }
    return order_token(&order, &token) ? post_mail(&order, &token) : EX_TEMPFAIL;
}

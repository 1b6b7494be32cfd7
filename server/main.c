#include "base/clock.h"
#include "cli.h"

int main(int argc, char **argv)
{
    clock_begin();
    return cli_main(argc, argv);
}

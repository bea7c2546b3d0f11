#include <stdexcept>

extern "C" void* rnnscope_make_engine()
{
    throw std::runtime_error("no threads left");
}

#include "core/engine/interface.h"
#include "core/nn/torch_engine.h"

extern "C" __attribute__((visibility("default"))) rnnscope::engine::Engine* rnnscope_make_engine()
{
    return rnnscope::nn::makeTorchEngine().release();
}

extern "C" __attribute__((visibility("default"))) const char* rnnscope_engine_interface()
{
    return rnnscope::engine::kInterface;
}

#include "core/engine/engine.h"
#include "core/engine/interface.h"

namespace {

using namespace rnnscope;

class FakeEngine final : public engine::Engine
{
public:
    std::vector<engine::DeviceInfo> devices() const override { return {{"cpu", "a fake"}}; }
    void setThreads(int) override { }
    Result<std::unique_ptr<engine::Encoder>> makeEncoder(const zoo::Checkpoint&, engine::DeviceChoice) override
    {
        return fail(Errc::Device, "a fake makes nothing");
    }
};

} // namespace

extern "C" rnnscope::engine::Engine* rnnscope_make_engine()
{
    return new FakeEngine;
}

extern "C" const char* rnnscope_engine_interface()
{
    return rnnscope::engine::kInterface;
}

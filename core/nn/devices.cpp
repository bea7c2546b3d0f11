#include "core/nn/devices.h"

#include "core/base/threads.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <new>
#include <string>

namespace rnnscope::nn {

Result<c10::Device> resolveDevice(engine::DeviceChoice choice)
{
    using Kind = engine::DeviceChoice::Kind;
    if (choice.kind == Kind::Cpu)
        return c10::Device(c10::kCPU);
    const int found = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    if (choice.kind == Kind::Auto)
        return found > 0 ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
    if (found == 0)
        return fail(Errc::Device, "no CUDA device: this LibTorch sees only the CPU");
    if (choice.index < 0 || choice.index >= found)
        return fail(Errc::Device, fmt::format("no device cuda:{}, there are {} CUDA devices", choice.index, found));
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(choice.index));
}

engine::DeviceInfo describe(const c10::Device& device)
{
    if (device.is_cuda())
        return {device.str(), fmt::format("GPU {}", static_cast<int>(device.index()))};
    const int threads = at::get_num_threads();
    return {"cpu", fmt::format("CPU, {} {}", threads, threads == 1 ? "thread" : "threads")};
}

bool isOutOfMemory(const std::exception& error)
{
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr)
        return true;
    const std::string_view what = error.what();
    return what.find("out of memory") != std::string_view::npos
        || what.find("can't allocate memory") != std::string_view::npos
        || what.find("not enough memory") != std::string_view::npos;
}

std::string firstLine(const std::exception& error)
{
    const std::string what = error.what();
    return what.substr(0, what.find('\n'));
}

} // namespace rnnscope::nn

#include "core/engine/loader.h"

#include "core/base/hash.h"
#include "core/engine/environment.h"
#include "core/engine/interface.h"

#include <cstdlib>
#include <dlfcn.h>

namespace rnnscope::engine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPathVariable = "RNNSCOPE_ENGINE";
constexpr const char* kCpuModule = "librnnscope_engine.so";
constexpr const char* kCudaModule = "librnnscope_engine_cuda.so";
constexpr const char* kGpuNode = "/dev/nvidia0";

bool isThere(const fs::path& path)
{
    std::error_code status;
    return fs::exists(path, status);
}

std::string lastDlError()
{
    const char* text = ::dlerror(); // NOLINT(concurrency-mt-unsafe): glibc's is per thread
    return text == nullptr ? std::string() : std::string(text);
}

Result<std::shared_ptr<Engine>> loadNamed(const fs::path& path)
{
    if (!isThere(path))
        return fail(Errc::NotFound, fmt::format("{} names {}, which does not exist", kPathVariable, path.string()));
    return loadEngineFrom(path);
}

/// The module named by the user, else null.
const char* namedModule()
{
    const char* named = std::getenv(kPathVariable); // NOLINT(concurrency-mt-unsafe): nothing sets it
    return named != nullptr && *named != '\0' ? named : nullptr;
}

} // namespace

Result<fs::path> programFolder()
{
    std::error_code status;
    const fs::path program = fs::read_symlink("/proc/self/exe", status);
    if (status)
        return fail(Errc::Io, fmt::format("cannot tell where the program lies: {}", status.message()));
    return program.parent_path();
}

bool hasGpu()
{
    return isThere(kGpuNode);
}

std::vector<fs::path> engineCandidates(const fs::path& programFolder, bool gpu)
{
    std::vector<fs::path> candidates;
    for (const char* module : {kCudaModule, kCpuModule}) {
        if (module == kCudaModule && !gpu)
            continue;
        candidates.push_back(programFolder / module);
        candidates.push_back(programFolder.parent_path() / "lib" / module);
    }
    return candidates;
}

std::string engineStamp()
{
    std::vector<fs::path> candidates;
    if (const char* named = namedModule(); named != nullptr)
        candidates.emplace_back(named);
    else if (const auto folder = programFolder())
        candidates = engineCandidates(*folder, hasGpu());
    Hash64 hash;
    for (const auto& path : candidates) {
        std::error_code status;
        const auto size = fs::file_size(path, status);
        const auto time = fs::last_write_time(path, status);
        if (!status)
            hash.update(fmt::format("{} {} {}\n", path.string(), size, time.time_since_epoch().count()));
    }
    return hash.hex();
}

Result<std::shared_ptr<Engine>> loadEngineFrom(const fs::path& path)
{
    prepareEnvironment();
    std::error_code status; // a bare file name would make dlopen search the system's folders
    void* library = ::dlopen(fs::absolute(path, status).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return fail(Errc::BadFormat, fmt::format("cannot load the engine {}", path.string()), lastDlError());
    using Factory = Engine* (*)();
    const auto make = reinterpret_cast<Factory>(::dlsym(library, kEngineFactory));
    if (make == nullptr) {
        return fail(Errc::BadFormat,
                    fmt::format("{} is not an engine of RNNScope: it has no {}", path.string(), kEngineFactory),
                    lastDlError());
    }
    using Interface = const char* (*)();
    const auto interface = reinterpret_cast<Interface>(::dlsym(library, kEngineInterface));
    if (interface == nullptr || std::string_view(interface()) != kInterface)
        return fail(Errc::BadFormat, fmt::format("{} belongs to another build of RNNScope", path.string()));
    std::shared_ptr<Engine> engine;
    try {
        engine.reset(make());
    } catch (const std::exception& e) {
        return fail(Errc::Device, fmt::format("the engine {} could not start", path.string()), e.what());
    }
    if (!engine)
        return fail(Errc::Device, fmt::format("the engine {} could not start", path.string()));
    return engine;
}

Result<std::shared_ptr<Engine>> loadEngine()
{
    if (const char* named = namedModule(); named != nullptr)
        return loadNamed(named);
    const auto folder = programFolder();
    if (!folder)
        return forward(folder);
    const auto candidates = engineCandidates(*folder, hasGpu());
    Result<std::shared_ptr<Engine>> engine
        = fail(Errc::NotFound,
               fmt::format("the engine {} was not found in {} or {}", kCpuModule, folder->string(),
                           (folder->parent_path() / "lib").string()));
    for (const auto& path : candidates) {
        if (!isThere(path))
            continue;
        engine = loadEngineFrom(path);
        if (engine)
            break; // a CUDA engine that cannot load leaves the work to the one for the CPU
    }
    return engine;
}

} // namespace rnnscope::engine

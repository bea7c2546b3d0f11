#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rnnscope {

/// Told by long work how far it is. Called on the thread that does the work; implementations must not block.
class Progress
{
public:
    virtual ~Progress();
    /// A new stretch of work, e.g. "embedding 576 networks".
    virtual void begin(std::string_view what, std::size_t total) = 0;
    /// `done` of the total given to begin().
    virtual void update(std::size_t done) = 0;
    /// Something the user should know though the work goes on, e.g. "GPU out of memory, went on with the CPU".
    virtual void note(std::string_view message) = 0;
};

/// Ignores everything.
class NoProgress final : public Progress
{
public:
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t) override { }
    void note(std::string_view) override { }
};

} // namespace rnnscope

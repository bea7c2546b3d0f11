#pragma once

#include "core/base/file.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/zoo/zoo.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace rnnscope::making {

/// What every part of a zoo must be like.
struct PartPattern
{
    zoo::TaskFamily family = zoo::TaskFamily::Custom;
    zoo::Architecture architecture {};
    std::size_t snapshots = 0; ///< rows of a part
    std::vector<zoo::Property> properties {}; ///< without values
    zoo::RolloutShape rollouts {};
    nlohmann::json recipe {}; ///< what decides its datasets
};

/// The folder ZOO.h5.parts of a zoo that is being made: a small zoo a finished run, what they belong to, and a lock
/// that keeps other processes out while this object lives.
class PartsFolder
{
public:
    static fs::path beside(const fs::path& zoo);
    /// Makes the folder where there is none and takes away what a killed process left half written. Refuses the parts
    /// of another recipe unless `force` throws them away.
    static Result<PartsFolder> open(const fs::path& zoo, PartPattern pattern, bool force);
    PartsFolder(PartsFolder&&) noexcept;
    PartsFolder& operator=(PartsFolder&&) noexcept;
    ~PartsFolder();

    const fs::path& path() const { return m_folder; }
    const PartPattern& pattern() const { return m_pattern; }
    fs::path part(std::size_t run) const;
    bool has(std::size_t run) const; ///< a file, good or not
    bool hasAny() const;
    /// The part of a run; an error says what is wrong with the file. Its datasets are not read.
    Result<std::shared_ptr<const zoo::Zoo>> openPart(std::size_t run) const;
    /// Reads all of it.
    Result<void> checkPart(std::size_t run) const;
    /// The folder and what is ours in it. A file of somebody else's stays, and so does the folder then.
    void remove();

private:
    class Lock;
    PartsFolder(fs::path folder, PartPattern pattern, std::unique_ptr<Lock> lock);
    Result<void> settleOptions(bool force) const;
    void removeParts() const;

    fs::path m_folder;
    PartPattern m_pattern;
    std::unique_ptr<Lock> m_lock;
};

} // namespace rnnscope::making

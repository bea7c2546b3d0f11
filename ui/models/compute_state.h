#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/prediction/embedding_cache.h"
#include "ui/models/session.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace rnnscope::ui {

/// What the compute thread keeps between jobs: the engine, an encoder per checkpoint, zoo fingerprints. Only jobs of
/// the compute runner touch it, so it needs no lock; engine() may be called by any thread.
class ComputeState
{
public:
    explicit ComputeState(EngineLoader loader);

    Result<engine::Engine*> engine(); ///< loaded at the first call; who comes meanwhile waits
    Result<engine::Encoder*> encoder(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    Result<std::string> fingerprint(const std::shared_ptr<const zoo::Zoo>& zoo);
    /// Where embeddings are kept from one start of the program to the next. None until it is called.
    void keepEmbeddings(prediction::EmbeddingCache cache) { m_cache = std::move(cache); }
    /// Embedded before, by this program or an earlier one.
    std::optional<prediction::EmbeddingCache::Entry> recall(const std::shared_ptr<const zoo::Zoo>& zoo,
                                                            const zoo::Checkpoint& checkpoint);
    Result<void> remember(const std::shared_ptr<const zoo::Zoo>& zoo, const zoo::Checkpoint& checkpoint,
                          const prediction::EmbeddingCache::Entry& entry);
    void forget(const std::shared_ptr<const zoo::Zoo>& zoo);
    void forget(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);

private:
    EngineLoader m_loader;
    std::mutex m_loading;
    std::shared_ptr<engine::Engine> m_engine;
    std::map<std::shared_ptr<const zoo::Checkpoint>, std::unique_ptr<engine::Encoder>> m_encoders;
    std::map<std::shared_ptr<const zoo::Zoo>, std::string> m_fingerprints;
    std::optional<prediction::EmbeddingCache> m_cache;
};

} // namespace rnnscope::ui

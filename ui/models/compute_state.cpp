#include "ui/models/compute_state.h"

#include <utility>

namespace rnnscope::ui {

ComputeState::ComputeState(EngineLoader loader)
    : m_loader(std::move(loader))
{
}

Result<engine::Engine*> ComputeState::engine()
{
    const std::lock_guard lock(m_loading);
    if (!m_engine) {
        auto loaded = m_loader();
        if (!loaded)
            return forward(loaded);
        m_engine = std::move(*loaded);
    }
    return m_engine.get();
}

Result<engine::Encoder*> ComputeState::encoder(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    if (const auto known = m_encoders.find(checkpoint); known != m_encoders.end())
        return known->second.get();
    const auto loaded = engine();
    if (!loaded)
        return forward(loaded);
    auto made = (*loaded)->makeEncoder(*checkpoint, {});
    if (!made)
        return forward(made);
    return m_encoders.emplace(checkpoint, std::move(*made)).first->second.get();
}

Result<std::string> ComputeState::fingerprint(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    if (const auto known = m_fingerprints.find(zoo); known != m_fingerprints.end())
        return known->second;
    auto computed = zoo::fingerprint(*zoo);
    if (computed)
        m_fingerprints.emplace(zoo, *computed);
    return computed;
}

std::optional<prediction::EmbeddingCache::Entry> ComputeState::recall(const std::shared_ptr<const zoo::Zoo>& zoo,
                                                                      const zoo::Checkpoint& checkpoint)
{
    if (!m_cache)
        return std::nullopt;
    const auto encoder = zoo::fingerprint(checkpoint);
    if (!m_cache->knows(encoder))
        return std::nullopt;
    const auto print = fingerprint(zoo);
    if (!print)
        return std::nullopt; // embedding the zoo will say why
    return m_cache->find({.zoo = *print, .checkpoint = encoder}, zoo->size,
                         static_cast<std::size_t>(checkpoint.config.embeddingSize));
}

Result<void> ComputeState::remember(const std::shared_ptr<const zoo::Zoo>& zoo, const zoo::Checkpoint& checkpoint,
                                    const prediction::EmbeddingCache::Entry& entry)
{
    if (!m_cache)
        return {};
    const auto print = fingerprint(zoo);
    if (!print)
        return forward(print);
    return m_cache->keep({.zoo = *print, .checkpoint = zoo::fingerprint(checkpoint)}, entry);
}

void ComputeState::forget(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    m_fingerprints.erase(zoo);
}

void ComputeState::forget(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    m_encoders.erase(checkpoint);
}

} // namespace rnnscope::ui

#include "ui/panels/filter_panel.h"

#include "core/zoo/property_format.h"
#include "ui/plots/category_bars.h"
#include "ui/plots/histogram_brush.h"
#include "ui/plots/text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr std::size_t kMostBins = 36;
constexpr qsizetype kMostCategories = 24;

/// Properties, split, trust and zoo; which run a network is of tells nothing as a histogram.
bool isFiltered(const FieldChoice& choice)
{
    return (choice.group == 0 && choice.id != QLatin1String("property:run")) || choice.group == 3;
}

/// Whether brushes made for one serve the other.
bool alike(const EmbeddedZoo* a, const EmbeddedZoo* b)
{
    if (a == nullptr || b == nullptr)
        return a == b;
    return a->zoo == b->zoo && a->checkpoint == b->checkpoint && a->complete == b->complete
        && a->trust.empty() == b->trust.empty();
}

std::vector<std::size_t> countCategories(const Field& field, const std::vector<std::uint8_t>& shown)
{
    std::vector<std::size_t> counts(static_cast<std::size_t>(field.categories.size()));
    for (std::size_t row = 0; row < std::min(shown.size(), field.values.size()); ++row)
        if (const double index = field.values[row];
            shown[row] != 0 && index >= 0 && index < static_cast<double>(counts.size()))
            ++counts[static_cast<std::size_t>(index)];
    return counts;
}

/// Bins that hold some of the interval.
std::optional<HistogramBrush::Interval> binsOf(const Filter::State& state, const QString& field, const Binning& bins)
{
    const auto at = state.intervals.find(field);
    if (at == state.intervals.end() || bins.bins() == 0)
        return std::nullopt;
    const auto first = std::lower_bound(bins.high.begin(), bins.high.end(), at->second.low) - bins.high.begin();
    const auto last = std::upper_bound(bins.low.begin(), bins.low.end(), at->second.high) - bins.low.begin() - 1;
    if (last < first)
        return std::nullopt;
    return HistogramBrush::Interval {static_cast<std::size_t>(first), static_cast<std::size_t>(last)};
}

} // namespace

FilterPanel::FilterPanel(Filter& filter, QWidget* parent)
    : QWidget(parent)
    , m_filter(filter)
    , m_count(new QLabel)
    , m_clear(new QPushButton)
    , m_hint(new QLabel(tr("Histograms of what is on the map appear here. Drag over one to show only some networks")))
    , m_list(new QVBoxLayout)
{
    m_count->setObjectName(QStringLiteral("shownCount"));
    m_clear->setObjectName(QStringLiteral("link"));
    m_clear->setText(tr("Clear"));
    m_clear->setToolTip(tr("Show all networks (Ctrl+Shift+F)"));
    m_clear->setFlat(true);
    auto kept = m_clear->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // or the histograms would jump away under the mouse
    m_clear->setSizePolicy(kept);
    m_hint->setWordWrap(true);
    m_hint->setObjectName(QStringLiteral("mutedText"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(kMargin, 0, kMargin, 0);
    head->addWidget(m_count, 1);
    head->addWidget(m_clear);
    auto* brushes = new QWidget;
    m_list->setContentsMargins(kMargin, 0, kMargin, kMargin);
    m_list->setSpacing(0);
    brushes->setLayout(m_list);
    m_list->addWidget(m_hint);
    m_list->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(brushes);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus); // its histograms have the focus
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(scroll, 1);
    connect(m_clear, &QPushButton::clicked, this, [this] { m_filter.clear(); });
    connect(&m_filter, &Filter::networksChanged, this, &FilterPanel::rebuild);
    connect(&m_filter, &Filter::changed, this, qOverload<>(&FilterPanel::refresh));
    rebuild();
    refresh();
}

void FilterPanel::rebuild()
{
    const auto networks = m_filter.networks();
    if (alike(m_built.get(), networks.get()))
        return;
    m_built = networks;
    for (const auto& brush : m_brushes)
        delete (brush.histogram != nullptr ? static_cast<QWidget*>(brush.histogram) : brush.categories);
    m_brushes.clear();
    for (const auto& choice : m_filter.fields())
        if (isFiltered(choice))
            add(choice);
    m_hint->setVisible(m_brushes.empty());
}

void FilterPanel::add(const FieldChoice& choice)
{
    const Field& field = m_filter.field(choice.id);
    if (!field.categories.isEmpty() && field.categories.size() <= kMostCategories)
        addCategories(choice, field);
    else if (field.categories.isEmpty())
        addHistogram(choice, field);
}

void FilterPanel::addHistogram(const FieldChoice& choice, const Field& field)
{
    auto bins = binned(field.values, kMostBins);
    if (bins.bins() < 2) // nothing to choose between
        return;
    const auto text = [kind = field.kind](double value) {
        return kind == zoo::PropertyKind::Integer ? groupedNumber(static_cast<qlonglong>(value)) : shortNumber(value);
    };
    auto* brush = new HistogramBrush(choice.title, std::move(bins), text);
    brush->setObjectName(choice.id);
    m_list->insertWidget(m_list->count() - 1, brush);
    m_brushes.push_back({choice.id, brush, nullptr});
    connect(brush, &HistogramBrush::brushed, this, [this, brush, id = choice.id] {
        const auto interval = brush->interval();
        if (!interval)
            return m_filter.setInterval(id, std::nullopt);
        m_filter.setInterval(
            id, Filter::Interval {brush->bins().low[interval->first], brush->bins().high[interval->second]});
    });
}

void FilterPanel::addCategories(const FieldChoice& choice, const Field& field)
{
    const auto all = countCategories(field, std::vector<std::uint8_t>(field.values.size(), 1));
    if (std::count_if(all.begin(), all.end(), [](std::size_t count) { return count > 0; }) < 2)
        return;
    auto* brush = new CategoryBars(choice.title, field.categories, all);
    brush->setObjectName(choice.id);
    m_list->insertWidget(m_list->count() - 1, brush);
    m_brushes.push_back({choice.id, nullptr, brush});
    connect(brush, &CategoryBars::toggled, this,
            [this, brush, id = choice.id] { m_filter.setHidden(id, brush->hidden()); });
}

void FilterPanel::refresh()
{
    m_clear->setVisible(m_filter.active());
    const auto number = [](std::size_t count) { return groupedNumber(static_cast<qlonglong>(count)); };
    m_count->setText(m_filter.active()
                         ? tr("%1 of %2 shown").arg(number(m_filter.shownCount()), number(m_filter.count()))
                         : tr("All %1 shown").arg(number(m_filter.count())));
    m_count->setVisible(m_filter.count() > 0);
    for (const auto& brush : m_brushes)
        refresh(brush);
}

void FilterPanel::refresh(const Brush& brush)
{
    const auto shown = m_filter.shownBut(brush.field);
    const auto& state = m_filter.state();
    if (brush.histogram != nullptr) {
        brush.histogram->setShown(brush.histogram->bins().counts(shown));
        return brush.histogram->setInterval(binsOf(state, brush.field, brush.histogram->bins()));
    }
    brush.categories->setShown(countCategories(m_filter.field(brush.field), shown));
    const auto hidden = state.hidden.find(brush.field);
    brush.categories->setHidden(hidden != state.hidden.end() ? hidden->second : QStringList());
}

} // namespace rnnscope::ui

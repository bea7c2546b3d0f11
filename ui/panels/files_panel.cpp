#include "ui/panels/files_panel.h"

#include "ui/models/labels.h"
#include "ui/models/session.h"
#include "ui/panels/file_list.h"
#include "ui/panels/load_text.h"
#include "ui/panels/property_text.h"
#include "ui/plots/text.h"
#include "ui/plots/zoo_marks.h"

#include <QLabel>
#include <QVBoxLayout>

#include <optional>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr std::size_t kLongestPath = 400;

QLabel* sectionHead(const QString& text)
{
    auto* head = new QLabel(text);
    head->setObjectName(QStringLiteral("sectionHead"));
    auto small = head->font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    small.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    head->setFont(small);
    head->setContentsMargins(kMargin, 12, kMargin, 4);
    return head;
}

QString sentence(const std::string& message)
{
    auto text = QString::fromStdString(message);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

/// Why the current encoder does not put it on the map; nothing when it does.
QString whyNot(const Session& session, const zoo::Zoo& zoo)
{
    if (!session.currentCheckpoint())
        return {};
    const auto readable = session.readable(zoo);
    return readable ? QString() : sentence(readable.error().message);
}

/// The same in the few words that fit below a name.
QString whyNotBriefly(const Session& session, const zoo::Zoo& zoo)
{
    const auto checkpoint = session.currentCheckpoint();
    if (!checkpoint || zoo::checkFits(checkpoint->config, zoo.architecture))
        return QObject::tr("back when the encoder has learned");
    const auto& is = zoo.architecture;
    const auto& reads = checkpoint->config.rnn;
    const bool sameCells = architectureTitle(is) == architectureTitle(reads) && is.bias == reads.bias;
    if (checkpoint->config.probing() || sameCells)
        return QObject::tr("%1 in, %2 out, not %3 in, %4 out")
            .arg(is.inputSize)
            .arg(is.outputSize)
            .arg(reads.inputSize)
            .arg(reads.outputSize);
    if (is.bias != reads.bias)
        return is.bias ? QObject::tr("has biases, the encoder's have none") : QObject::tr("has no biases");
    return QObject::tr("%1, not %2").arg(architectureTitle(is), architectureTitle(reads));
}

/// Name, architecture, path, and why it is not on the map.
void explain(QListWidgetItem& item, const zoo::Zoo& zoo, const QString& reason, const QString& briefly)
{
    auto tip = plainText(zoo.name) + QLatin1Char('\n') + QString::fromStdString(zoo.architecture.description())
        + QLatin1Char('\n') + plainText(zoo.path.string(), kLongestPath);
    if (!reason.isEmpty())
        tip = reason + QLatin1Char('\n') + tip;
    FileList::setTip(item, tip);
    item.setData(SecondRole, reason.isEmpty() ? QString() : briefly);
    item.setData(MutedRole, !reason.isEmpty());
}

/// What was made of the file, and that it has weights that are no numbers.
void addReport(QListWidgetItem& item, const WeightsOpened& file)
{
    if (file.reports.size() != 1)
        return;
    const auto& report = file.reports.front();
    FileList::setTip(item, item.data(Qt::AccessibleDescriptionRole).toString() + QLatin1Char('\n') + loadBrief(report));
    if (report.nonFinite == 0 || file.zoo->size > 1 || item.data(MutedRole).toBool())
        return;
    item.setData(SecondRole, QObject::tr("NaN weights, not embedded"));
    item.setData(MutedRole, true);
}

} // namespace

FilesPanel::FilesPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_zoos(new FileList(QStringLiteral("zooList"), tr("Open zoos")))
    , m_droppedHead(sectionHead(tr("DROPPED FILES")))
    , m_dropped(new FileList(QStringLiteral("droppedList"), tr("Dropped files")))
    , m_encoderHead(sectionHead(tr("ENCODERS")))
    , m_checkpoints(new FileList(QStringLiteral("checkpointList"), tr("Open encoder checkpoints")))
{
    auto* hint = new QLabel(tr("Drop a zoo, folder, weight file or encoder checkpoint here"));
    hint->setObjectName(QStringLiteral("mutedText"));
    hint->setWordWrap(true);
    hint->setContentsMargins(kMargin, 4, kMargin, 0);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, kMargin);
    layout->setSpacing(0);
    for (QWidget* widget :
         std::initializer_list<QWidget*> {m_zoos, m_droppedHead, m_dropped, m_encoderHead, m_checkpoints, hint})
        layout->addWidget(widget);
    layout->addStretch(1);
    connectLists();
    connect(&session, &Session::filesChanged, this, &FilesPanel::refresh);
    connect(&session, &Session::currentChanged, this, &FilesPanel::refresh);
    refresh();
}

void FilesPanel::connectLists()
{
    // Copies: what is chosen may change the lists it is in.
    connect(m_zoos, &FileList::chosen, this, [this](std::size_t index) {
        if (const auto zoo = index < m_session.zoos().size() ? m_session.zoos()[index] : nullptr)
            m_session.setCurrentZoo(zoo);
    });
    connect(m_zoos, &FileList::toggled, this, [this](std::size_t index, bool checked) {
        if (const auto zoo = index < m_session.zoos().size() ? m_session.zoos()[index] : nullptr)
            checked ? m_session.show(zoo) : m_session.hide(zoo);
    });
    connect(m_dropped, &FileList::chosen, this, [this](std::size_t index) {
        if (const auto zoo = index < m_session.dropped().size() ? m_session.dropped()[index].zoo : nullptr) {
            m_session.show(zoo); // embedding it may have been cancelled
            Q_EMIT droppedChosen(zoo);
        }
    });
    connect(m_dropped, &FileList::closeAsked, this, [this](std::size_t index) {
        if (const auto zoo = index < m_session.dropped().size() ? m_session.dropped()[index].zoo : nullptr)
            m_session.close(zoo);
    });
    connect(m_checkpoints, &FileList::chosen, this, [this](std::size_t index) {
        if (const auto each = index < m_session.checkpoints().size() ? m_session.checkpoints()[index] : nullptr)
            m_session.setCurrentCheckpoint(each);
    });
}

void FilesPanel::refresh()
{
    fillZoos();
    fillDropped();
    fillCheckpoints();
}

void FilesPanel::fillZoos()
{
    const auto focused = m_zoos->currentRow();
    m_zoos->clear();
    const auto& zoos = m_session.zoos();
    for (std::size_t i = 0; i < zoos.size(); ++i) {
        const auto& zoo = *zoos[i];
        auto* item = m_zoos->addRow(plainText(zoo.name), groupedNumber(static_cast<qlonglong>(zoo.size)), i);
        explain(*item, zoo, whyNot(m_session, zoo), whyNotBriefly(m_session, zoo));
        const auto number = m_session.number(zoos[i]);
        item->setData(ColourRole, zooColour(number));
        item->setData(ShapeRole, zoos.size() > 1 ? zooShape(number) : 0);
        item->setData(CurrentRole, zoos[i] == m_session.currentZoo());
        item->setData(Qt::CheckStateRole, m_session.isHidden(zoos[i]) ? Qt::Unchecked : Qt::Checked);
        if (zoos[i] == m_session.currentZoo())
            m_zoos->setCurrentItem(item);
    }
    if (m_zoos->hasFocus())
        m_zoos->setCurrentRow(focused);
    m_zoos->fitHeight();
}

void FilesPanel::fillDropped()
{
    m_dropped->clear();
    const auto& dropped = m_session.dropped();
    for (std::size_t i = 0; i < dropped.size(); ++i) {
        const auto& zoo = *dropped[i].zoo;
        auto* item = m_dropped->addRow(plainText(zoo.name),
                                       zoo.size > 1 ? groupedNumber(static_cast<qlonglong>(zoo.size)) : QString(), i);
        if (m_session.isHidden(dropped[i].zoo))
            explain(*item, zoo, tr("Embedding it was cancelled; click to embed it"), tr("cancelled; click to embed"));
        else
            explain(*item, zoo, whyNot(m_session, zoo), whyNotBriefly(m_session, zoo));
        addReport(*item, dropped[i]);
        item->setData(ColourRole, droppedColour());
        item->setData(ShapeRole, kStarShape);
        item->setData(ClosableRole, true);
    }
    m_dropped->fitHeight();
    m_droppedHead->setVisible(m_dropped->count() > 0);
}

void FilesPanel::fillCheckpoints()
{
    m_checkpoints->clear();
    const auto& checkpoints = m_session.checkpoints();
    const auto zoo = m_session.currentZoo();
    const auto alternatives = m_session.fittingCheckpoints();
    for (std::size_t i = 0; i < checkpoints.size(); ++i) {
        const auto& checkpoint = *checkpoints[i];
        const auto fits = zoo ? zoo::checkFits(checkpoint.config, zoo->architecture) : Result<void> {};
        auto* item = m_checkpoints->addRow(checkpointLabel(checkpoint, alternatives),
                                           fits ? QString() : tr("does not fit"), i);
        item->setData(MutedRole, !fits);
        item->setData(CurrentRole, checkpoints[i] == m_session.currentCheckpoint());
        const auto path = plainText(checkpoint.path.string(), kLongestPath);
        FileList::setTip(*item, fits ? path : QString::fromStdString(fits.error().message) + QLatin1Char('\n') + path);
        if (checkpoints[i] == m_session.currentCheckpoint())
            m_checkpoints->setCurrentItem(item);
    }
    m_checkpoints->fitHeight();
    m_encoderHead->setVisible(m_checkpoints->count() > 0);
}

} // namespace rnnscope::ui

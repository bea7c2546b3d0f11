#include "ui/panels/files_panel.h"

#include "ui/models/labels.h"
#include "ui/models/session.h"
#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace rnnscope::ui {

namespace {

constexpr int kRowHeight = 24;
constexpr int kMargin = 12;
constexpr int kMostRows = 12;
enum Role { DotRole = Qt::UserRole, RightRole, CurrentRole, MutedRole, IndexRole };

/// A dot or a ring, a name, and muted text on the right.
class FileDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {0, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto theme = currentTheme();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if ((option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) != 0)
            painter->fillRect(option.rect, theme.background);
        const auto line = option.rect.adjusted(kMargin, 0, -kMargin, 0);
        paintMark(*painter, line, index, theme);
        paintTexts(*painter, line, option, index, theme);
        painter->restore();
    }

private:
    static void paintMark(QPainter& painter, const QRect& line, const QModelIndex& index, const Theme& theme)
    {
        const auto colour = index.data(DotRole).value<QColor>();
        const QRectF box(line.left() + 0.5, line.center().y() - 4.5, 9.0, 9.0);
        if (colour.isValid()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour);
            painter.drawEllipse(box);
            return;
        }
        const bool current = index.data(CurrentRole).toBool();
        painter.setPen(QPen(current ? theme.accent : theme.muted, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(box);
        if (!current)
            return;
        painter.setBrush(theme.accent);
        painter.drawEllipse(box.adjusted(2.5, 2.5, -2.5, -2.5));
    }

    static void paintTexts(QPainter& painter, QRect line, const QStyleOptionViewItem& option, const QModelIndex& index,
                           const Theme& theme)
    {
        const auto right = index.data(RightRole).toString();
        painter.setFont(option.font);
        painter.setPen(theme.muted);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, right);
        line.adjust(18, 0, -QFontMetrics(option.font).horizontalAdvance(right) - 8, 0);
        auto font = option.font;
        font.setBold(index.data(CurrentRole).toBool());
        painter.setFont(font);
        painter.setPen(index.data(MutedRole).toBool() ? theme.muted : theme.text);
        const auto name = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideMiddle, line.width());
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
    }
};

QListWidget* makeList(const QString& name, const QString& accessibleName)
{
    auto* list = new QListWidget;
    list->setObjectName(name);
    list->setAccessibleName(accessibleName);
    list->setItemDelegate(new FileDelegate(list));
    list->setMouseTracking(true);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setFrameShape(QFrame::NoFrame);
    return list;
}

void fitHeight(QListWidget& list)
{
    list.setFixedHeight(std::min(list.count(), kMostRows) * kRowHeight);
    list.setVisible(list.count() > 0);
}

QListWidgetItem* addRow(QListWidget& list, const QString& text, const QString& right, std::size_t index)
{
    auto* item = new QListWidgetItem(text, &list);
    item->setData(RightRole, right);
    item->setData(IndexRole, static_cast<qulonglong>(index));
    item->setData(Qt::AccessibleTextRole, right.isEmpty() ? text : text + QStringLiteral(", ") + right);
    return item;
}

} // namespace

QColor zooColour(std::size_t index)
{
    static constexpr std::array<QRgb, 7> kOkabeIto {0xFF0072B2, 0xFFE69F00, 0xFF009E73, 0xFFCC79A7,
                                                    0xFF56B4E9, 0xFFD55E00, 0xFFF0E442};
    return QColor::fromRgb(kOkabeIto[index % kOkabeIto.size()]);
}

FilesPanel::FilesPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_zoos(makeList(QStringLiteral("zooList"), tr("Open zoos")))
    , m_encoderHead(new QLabel(tr("ENCODERS")))
    , m_checkpoints(makeList(QStringLiteral("checkpointList"), tr("Open encoder checkpoints")))
{
    auto* hint = new QLabel(tr("Drop a zoo, folder or encoder checkpoint here"));
    hint->setObjectName(QStringLiteral("mutedText"));
    hint->setWordWrap(true);
    hint->setContentsMargins(kMargin, 4, kMargin, 0);
    m_encoderHead->setObjectName(QStringLiteral("sectionHead"));
    auto small = m_encoderHead->font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    small.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    m_encoderHead->setFont(small);
    m_encoderHead->setContentsMargins(kMargin, 12, kMargin, 4);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, kMargin);
    layout->setSpacing(0);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_zoos, m_encoderHead, m_checkpoints, hint})
        layout->addWidget(widget);
    layout->addStretch(1);

    for (auto* list : {m_zoos, m_checkpoints}) {
        connect(list, &QListWidget::itemClicked, this, &FilesPanel::choose);
        connect(list, &QListWidget::itemActivated, this, &FilesPanel::choose);
    }
    connect(&session, &Session::filesChanged, this, &FilesPanel::refresh);
    connect(&session, &Session::currentChanged, this, &FilesPanel::refresh);
    refresh();
}

void FilesPanel::refresh()
{
    fillZoos();
    fillCheckpoints();
}

void FilesPanel::fillZoos()
{
    m_zoos->clear();
    const auto& zoos = m_session.zoos();
    for (std::size_t i = 0; i < zoos.size(); ++i) {
        const auto& zoo = *zoos[i];
        auto* item
            = addRow(*m_zoos, QString::fromStdString(zoo.name), groupedNumber(static_cast<qlonglong>(zoo.size)), i);
        item->setData(DotRole, zooColour(i));
        item->setData(CurrentRole, zoos[i] == m_session.currentZoo());
        item->setToolTip(QString::fromStdString(
            fmt::format("{}\n{}\n{}", zoo.name, zoo.architecture.description(), zoo.path.string())));
        if (zoos[i] == m_session.currentZoo())
            m_zoos->setCurrentItem(item);
    }
    fitHeight(*m_zoos);
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
        auto* item = addRow(*m_checkpoints, checkpointLabel(checkpoint, alternatives),
                            fits ? QString() : tr("does not fit"), i);
        item->setData(MutedRole, !fits);
        item->setData(CurrentRole, checkpoints[i] == m_session.currentCheckpoint());
        const auto path = QString::fromStdString(checkpoint.path.string());
        item->setToolTip(fits ? path : QString::fromStdString(fits.error().message) + QLatin1Char('\n') + path);
        if (checkpoints[i] == m_session.currentCheckpoint())
            m_checkpoints->setCurrentItem(item);
    }
    fitHeight(*m_checkpoints);
    m_encoderHead->setVisible(m_checkpoints->count() > 0);
}

void FilesPanel::choose(const QListWidgetItem* item)
{
    const auto index = static_cast<std::size_t>(item->data(IndexRole).toULongLong());
    if (item->listWidget() == m_zoos && index < m_session.zoos().size()) {
        const auto zoo = m_session.zoos()[index];
        m_session.setCurrentZoo(zoo);
    } else if (item->listWidget() == m_checkpoints && index < m_session.checkpoints().size()) {
        const auto checkpoint = m_session.checkpoints()[index];
        m_session.setCurrentCheckpoint(checkpoint);
    }
}

} // namespace rnnscope::ui

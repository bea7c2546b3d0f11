#include "ui/panels/probe_edit.h"

#include "core/tasks/formal_language.h"
#include "ui/panels/digit_pad.h"
#include "ui/plots/text.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QImageReader>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>

#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr int kLongest = 83; // letters: as long as a string with begin and end that networks are tried on

} // namespace

ProbeEdit::ProbeEdit(QWidget* parent)
    : QWidget(parent)
    , m_text(new QLineEdit)
    , m_digits(new QWidget)
    , m_pad(new DigitPad)
    , m_rotation(new QSlider(Qt::Horizontal))
    , m_angle(new QLabel)
    , m_taskAngle(new QPushButton(tr("As trained")))
    , m_problem(new QLabel)
{
    m_text->setObjectName(QStringLiteral("ownString"));
    m_text->setAccessibleName(tr("String to read"));
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setClearButtonEnabled(true);
    m_text->setMaxLength(kLongest);
    m_text->setText(QStringLiteral("aabb"));
    connect(m_text, &QLineEdit::textChanged, this, &ProbeEdit::changed);
    buildDigits();
    m_digits->hide(); // until there is who reads digits
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    layout->addWidget(m_digits, 1);
}

void ProbeEdit::buildDigits()
{
    constexpr int kWholeTurn = 360;
    constexpr int kPage = 15; // deg
    m_pad->setObjectName(QStringLiteral("digitPad"));
    connect(m_pad, &DigitPad::changed, this, &ProbeEdit::changed);
    m_rotation->setObjectName(QStringLiteral("digitRotation"));
    m_rotation->setAccessibleName(tr("Rotation of the digit, deg"));
    m_rotation->setToolTip(tr("Turns the digit counter-clockwise before it is read"));
    m_rotation->setRange(0, kWholeTurn - 1);
    m_rotation->setPageStep(kPage);
    m_angle->setText(tr("0 deg"));
    m_angle->setMinimumWidth(m_angle->fontMetrics().horizontalAdvance(tr("%1 deg").arg(kWholeTurn)));
    m_angle->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(m_rotation, &QSlider::valueChanged, this, [this](int degrees) {
        m_angle->setText(tr("%1 deg").arg(degrees));
        m_pad->setRotation(degrees);
    });
    m_taskAngle->setObjectName(QStringLiteral("taskAngle"));
    connect(m_taskAngle, &QPushButton::clicked, this,
            [this] { m_rotation->setValue(static_cast<int>(std::lround(m_degrees.value_or(0.0)))); });
    auto* wipe = new QPushButton(tr("Clear"));
    wipe->setObjectName(QStringLiteral("clearDigit"));
    connect(wipe, &QPushButton::clicked, m_pad, &DigitPad::clear);
    auto* open = new QPushButton(tr("Image…"));
    open->setObjectName(QStringLiteral("openDigit"));
    open->setToolTip(tr("Read a picture of a digit: white on black, or ink on paper"));
    connect(open, &QPushButton::clicked, this, &ProbeEdit::openImage);
    auto* turn = new QHBoxLayout;
    turn->addWidget(m_rotation, 1);
    turn->addWidget(m_angle);
    auto* side = new QVBoxLayout;
    side->addLayout(turn);
    for (auto* button : {m_taskAngle, wipe, open})
        side->addWidget(button);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    connect(m_pad, &DigitPad::changed, m_problem, &QWidget::hide);
    side->addWidget(m_problem);
    side->addStretch();
    auto* layout = new QHBoxLayout(m_digits);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pad, 1);
    layout->addLayout(side);
}

void ProbeEdit::setReader(zoo::TaskFamily family, int inputSize)
{
    if (family == m_family && inputSize == m_inputSize)
        return;
    m_family = family;
    m_inputSize = inputSize;
    const bool strings = family == zoo::TaskFamily::FormalLanguage;
    m_text->setVisible(strings);
    m_digits->setVisible(!strings);
    if (!strings || inputSize < 3)
        return;
    constexpr char16_t kFirst = u'a';
    const QString last = QChar(static_cast<char16_t>(kFirst + inputSize - 3));
    const QRegularExpression letters(QStringLiteral("[a-%1]*").arg(last));
    m_text->setPlaceholderText(tr("Type a string of a to %1").arg(last));
    const QSignalBlocker quiet(m_text);
    if (!QRegularExpression(QRegularExpression::anchoredPattern(letters.pattern())).match(m_text->text()).hasMatch())
        m_text->clear();
    m_text->setValidator(new QRegularExpressionValidator(letters, m_text));
}

void ProbeEdit::setTaskAngle(std::optional<double> degrees)
{
    m_degrees = degrees;
    m_taskAngle->setVisible(degrees.has_value());
    if (degrees)
        m_taskAngle->setToolTip(
            tr("Turn it by %1 deg, as the digits that this network has learned").arg(tickNumber(*degrees)));
}

void ProbeEdit::setText(const QString& text)
{
    m_text->setText(text.left(kLongest));
}

void ProbeEdit::setDigit(const DigitPixels& digit)
{
    {
        const QSignalBlocker quiet(m_pad);
        m_rotation->setValue(0);
    }
    m_pad->setDigit(digit);
}

void ProbeEdit::openImage()
{
    const auto path
        = QFileDialog::getOpenFileName(this, tr("Open a picture of a digit"), {},
                                       tr("Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.svg);;All files (*)"));
    if (path.isEmpty())
        return;
    const QImage image = QImageReader(path).read();
    if (!image.isNull())
        return setDigit(digitOf(image));
    m_problem->setText(tr("%1 is no picture that can be read").arg(breakable(QFileInfo(path).fileName())));
    m_problem->show();
}

bool ProbeEdit::isBlank() const
{
    return m_family == zoo::TaskFamily::SequentialMnist ? m_pad->digit() == DigitPixels {} : m_text->text().isEmpty();
}

std::vector<int> ProbeEdit::tokens() const
{
    if (m_family != zoo::TaskFamily::FormalLanguage || m_inputSize < 3)
        return {};
    std::vector<int> tokens {m_inputSize - 2};
    for (const QChar letter : m_text->text())
        tokens.push_back(letter.unicode() - u'a');
    tokens.push_back(m_inputSize - 1);
    return tokens;
}

OwnProbe ProbeEdit::probe() const
{
    const auto inputs = static_cast<std::size_t>(m_inputSize);
    if (m_family == zoo::TaskFamily::SequentialMnist)
        return digitProbe(m_pad->turned(), inputs);
    const auto string = tokens();
    return string.empty() ? OwnProbe {} : stringProbe(std::span(string).first(string.size() - 1), inputs);
}

QStringList ProbeEdit::stepLabels() const
{
    QStringList labels;
    const auto string = tokens();
    for (std::size_t t = 0; t + 1 < string.size(); ++t)
        labels << QString::fromStdString(tasks::tokenText(string[t], m_inputSize - 2));
    return labels;
}

} // namespace rnnscope::ui
